import { expect } from "chai";
import fc from "fast-check";
import {
  BatchRefusedError,
  MalformedAnswerError,
  readAnswer,
  readAnswers,
  requestText,
} from "../../../scripts/chain/rpc/jsonRpc";

const call = { method: "eth_chainId", params: [] };
const result = (id: number, value: unknown) => ({ jsonrpc: "2.0", id, result: value });

describe("A JSON-RPC request", () => {
  it("is a single object for one call, and otherwise a batch with ascending ids", () => {
    expect(JSON.parse(requestText([call], 7))).to.deep.equal({ jsonrpc: "2.0", id: 7, ...call });
    expect(JSON.parse(requestText([call, call], 7))).to.deep.equal([
      { jsonrpc: "2.0", id: 7, ...call },
      { jsonrpc: "2.0", id: 8, ...call },
    ]);
  });
});

describe("JSON-RPC answers", () => {
  it("are returned in the order of the calls, whatever order the node sent them in", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 2, maxLength: 20 }), fc.nat(1_000), (values, firstId) => {
        const entries = values.map((value, i) => result(firstId + i, value)).reverse();
        const answers = readAnswers(values.length, firstId, JSON.stringify(entries));
        expect(JSON.stringify(answers)).to.equal(
          JSON.stringify(values.map((value) => ({ kind: "result", result: value }))),
        );
      }),
    );
  });

  it("may be an error, with its data", () => {
    const error = { code: 3, message: "execution reverted", data: "0x12" };
    expect(readAnswers(1, 1, JSON.stringify({ id: 1, error }))).to.deep.equal([{ kind: "error", error }]);
  });

  for (const [what, count, text, sentence] of [
    ["if they aren't JSON", 1, "<html>", "answered with 6 characters that are not JSON"],
    ["if they are too few", 2, JSON.stringify([result(1, 0)]), "gave 1 answers to 2 calls"],
    ["if an id occurs twice", 2, JSON.stringify([result(1, 0), result(1, 0)]), "gave 1 answers to 2 calls"],
    ["if an id is unknown", 1, JSON.stringify(result(9, 0)), "gave an answer with an unknown id"],
    [
      "if there is a single one for a whole batch",
      2,
      JSON.stringify(result(1, 0)),
      "answered a batch of 2 calls with a single answer",
    ],
    [
      "if one has neither a result nor an error",
      1,
      JSON.stringify({ id: 1 }),
      "gave an answer without a result or an error",
    ],
    ["if they are null", 1, "null", "gave an answer with an unknown id"],
  ] as const) {
    it(`are refused ${what}`, () => {
      expect(() => readAnswers(count, 1, text))
        .to.throw(MalformedAnswerError)
        .with.property("message", sentence);
    });
  }

  it("may be one error that refuses the batch as a whole, and none of its calls", () => {
    const text = JSON.stringify({ id: null, error: { code: -32_600, message: "batch too large" } });
    expect(() => readAnswers(2, 1, text))
      .to.throw(BatchRefusedError)
      .with.property("message", "batch too large");
  });

  it("can also be read one by one, and are refused if they are null or an error without a numeric code", () => {
    expect(readAnswer({ result: null })).to.deep.equal({ kind: "result", result: null });
    expect(() => readAnswer(null)).to.throw(MalformedAnswerError);
    expect(() => readAnswer({ error: { code: "3", message: "no number" } })).to.throw(MalformedAnswerError);
  });
});
