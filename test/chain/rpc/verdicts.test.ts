import { expect } from "chai";
import { isRangeRefusal, verdictOf } from "../../../scripts/chain/rpc/verdicts";

describe("What an endpoint's error means", () => {
  for (const [code, message, kind] of [
    [3, "execution reverted: 0x12", "answer"],
    [-32_005, "query returned more than 10000 results", "answer"],
    [-32_000, "nonce too low", "answer"],
    [429, "slow down", "limited"],
    [-32_000, "Too Many Requests", "limited"],
    [-32_005, "daily quota reached", "limited"],
    [-32_601, "the method trace_block does not exist", "elsewhere"],
    [-32_000, "missing trie node 0x12", "elsewhere"],
    [-32_603, "unexpected", "elsewhere"],
  ] as const) {
    it(`${code} "${message}" is ${kind === "answer" ? "the honest answer" : kind}`, () => {
      const verdict = verdictOf({ code, message });
      expect(verdict.kind === "fault" ? verdict.fault.kind : verdict.kind).to.equal(kind);
    });
  }

  it("an internal error with data is the answer: only a call that ran has any", () => {
    expect(verdictOf({ code: -32_603, message: "unexpected", data: "0x" }).kind).to.equal("answer");
  });

  it("a limit names its code, and never what the endpoint wrote", () => {
    const verdict = verdictOf({ code: -32_007, message: "100/second limit for key abc" });
    expect(verdict.kind === "fault" && verdict.fault.message).to.equal("answers that a limit is reached (-32007)");
  });

  for (const [message, isRefusal] of [
    ["block range is too large", true],
    ["eth_getLogs is limited to a 10,000 range", true],
    ["Log response size exceeded", true],
    ["query timeout exceeded", true],
    ["requests per second limited to 25 blocks", false],
    ["execution reverted", false],
  ] as const) {
    it(`"${message}" is ${isRefusal ? "" : "no "}refusal of a range`, () => {
      expect(isRangeRefusal(message)).to.equal(isRefusal);
    });
  }
});
