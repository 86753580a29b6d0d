import { scoreFileBytes, parseScores } from "../actions/scoreFiles";
import {
  type CommitOutcome,
  commitScores,
  describeCommit,
  describeReveal,
  NotYetError,
  revealScores,
} from "../actions/scores";
import { waitUntil } from "../actions/waiting";
import { type Connection } from "../chain/connection";
import { dataDirectory } from "../chain/deployment";
import { listMiners } from "../chain/miners";
import { readJsonFile } from "../keeper/archive/readJsonFile";
import { warningOf } from "../show/describeSettling";
import { awaitingReveal } from "../views/revealWindow";
import { chainAndSignerOf } from "./context";
import { parseWhole } from "./parameters";
import { tell } from "./progress";
import { type Runs } from "./table";

export const runs: Runs<"score", "consensus"> = {
  async commit({ input, wait, from: sender }, context) {
    const file = readJsonFile(input, scoreFileBytes);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const scores = parseScores(file, await listMiners(chain));
    const directory = dataDirectory(chain.deployment.id, process.env.MDT_DATA);
    const outcome = await committed(chain, wait, () => commitScores(chain, signer, scores, directory));
    const awaited = await awaitingReveal(chain);
    const isLate = awaited?.validators.includes(outcome.validator) ?? false;
    const warnings =
      awaited !== undefined && isLate ? [warningOf({ ...awaited, validators: [outcome.validator] })] : [];
    return { json: { ...outcome, warnings }, text: [describeCommit(outcome), ...warnings].join("\n") };
  },

  async reveal({ epoch, input, wait, from: sender }, context) {
    const wanted = epoch === undefined ? undefined : parseWhole("epoch", epoch);
    const file = input === undefined ? undefined : readJsonFile(input, scoreFileBytes);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const request = {
      epoch: wanted,
      scores: file === undefined ? undefined : parseScores(file, await listMiners(chain)),
      directory: dataDirectory(chain.deployment.id, process.env.MDT_DATA),
    };
    let outcome = await revealScores(chain, signer, request);
    while (wait && outcome.kind === "noWindow" && outcome.next !== null) {
      await waitUntil(
        chain,
        outcome.next.opensAt,
        `the window to reveal the scores for epoch ${outcome.next.epoch}`,
        tell,
      );
      outcome = await revealScores(chain, signer, request);
    }
    return { json: outcome, text: describeReveal(outcome) };
  },
};

/** Commits now, or as soon as it is possible. */
async function committed(
  chain: Connection,
  wait: boolean,
  commit: () => Promise<CommitOutcome>,
): Promise<CommitOutcome> {
  for (;;) {
    try {
      return await commit();
    } catch (error) {
      if (!wait || !(error instanceof NotYetError)) throw error;
      await waitUntil(chain, error.possibleAt, "the next epoch to commit in", tell);
    }
  }
}
