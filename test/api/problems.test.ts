import { expect } from "chai";
import { BaseError } from "viem";
import { NotFoundError, problemOf, UnavailableError } from "../../scripts/api/http";
import { NotDeployedError } from "../../scripts/chain/deployment";
import { ChainReplacedError, ContradictionError, MissingEventsError } from "../../scripts/chain/badAnswers";
import { SettlementDiffersError } from "../../scripts/keeper/settle/epochInputs";

const sentence = "https://endpoint.example/KEY says something.";

describe("The API's answer to a failure", () => {
  const unreadable = "The server can't read the chain right now. Ask again shortly.";
  const nameOf = ({ constructor, cause }: Error): string =>
    cause instanceof Error ? `${constructor.name} for a ${nameOf(cause)}` : constructor.name;
  const startedAnew = "The node was restarted with a new chain: deploy to it if needed, and restart this program.";
  for (const [error, status, says, retryAfterSeconds] of [
    [new NotFoundError(sentence), 404, sentence, undefined],
    [new UnavailableError(sentence, 7), 503, sentence, 7],
    [new SettlementDiffersError(sentence), 503, sentence, 5],
    [new ChainReplacedError(sentence), 503, startedAnew, 5],
    [new BaseError(sentence, { cause: new ChainReplacedError(sentence) }), 503, startedAnew, 5],
    [new NotDeployedError(sentence), 503, sentence, 5],
    [new MissingEventsError(sentence), 503, sentence, 5],
    [new BaseError(sentence), 503, unreadable, 5],
    [new ContradictionError(sentence), 503, unreadable, 5],
    [new Error(sentence), 500, "Internal error. Your request is fine; the operator's log has the cause.", undefined],
  ] as const) {
    it(`${nameOf(error)}: ${status}${retryAfterSeconds === undefined ? "" : ", with when to ask again"}`, () => {
      const problem = problemOf(error);
      expect(problem).to.include({ status, sentence: says });
      expect(problem.retryAfterSeconds).to.equal(retryAfterSeconds);
    });
  }
});
