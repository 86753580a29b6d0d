import { expect } from "chai";
import { BaseError } from "viem";
import { reasonOf } from "../../../scripts/keeper/run/reasonOf";
import { retrySeconds } from "../../../scripts/keeper/run/retrySeconds";
import { sendingProblemOf } from "../../../scripts/keeper/run/sendingProblem";

/** What nodes say, in their own words. */
const said: readonly (readonly [words: string, problem: ReturnType<typeof sendingProblemOf>])[] = [
  ["already known", "alreadyKnown"],
  ["AlreadyKnown", "alreadyKnown"],
  ["Known transaction: 0x12", "alreadyKnown"],
  ["transaction already imported", "alreadyKnown"],
  ["replacement transaction underpriced", "underpriced"],
  [
    "Replacement transaction underpriced. A gasPrice/maxFeePerGas of at least 5 is necessary to replace the existing transaction with nonce 3.",
    "underpriced",
  ],
  ["nonce too low: next nonce 8, tx nonce 7", "nonceTaken"],
  ["Nonce too low. Expected nonce to be 8 but got 7.", "nonceTaken"],
  ["max fee per gas less than block base fee: address 0x1, maxFeePerGas: 1, baseFee: 2", "baseFeeRose"],
  ["insufficient funds for gas * price + value", undefined],
  ["execution reverted", undefined],
  ["fetch failed", undefined],
];

describe("What a node says to a transaction", () => {
  for (const [words, problem] of said) {
    it(`"${words.slice(0, 60)}" means ${problem ?? "something else"}`, () => {
      const inside = new BaseError("Something failed.", { cause: new Error(words) });
      expect(sendingProblemOf(new Error("Outside.", { cause: inside }))).to.equal(problem);
    });
  }

  it("is understood where it is no error but words", () => {
    expect(sendingProblemOf("nonce too low")).to.equal("nonceTaken");
    expect(sendingProblemOf(undefined)).to.equal(undefined);
  });

  it("is told in one line", () => {
    const error = new BaseError("HTTP request failed.", { details: "fetch failed\nat x", metaMessages: ["URL: x"] });
    expect(reasonOf(error)).to.equal("HTTP request failed. fetch failed");
    expect(reasonOf(new BaseError("There is no such block."))).to.equal("There is no such block.");
    expect(reasonOf(new Error("one\ntwo"))).to.equal("one");
    expect(reasonOf("word")).to.equal("word");
  });
});

describe("The pause after a failure", () => {
  it("doubles with each failure in a row, up to a minute, and half of it is chance", () => {
    expect([0, 1, 2, 3].map((failures) => retrySeconds(0.5, failures, 1))).to.deep.equal([0.5, 1, 2, 4]);
    expect([6, 7, 8, 1_000].map((failures) => retrySeconds(0.5, failures, 1))).to.deep.equal([32, 60, 60, 60]);
    expect(retrySeconds(0.5, 3, 0)).to.equal(2);
  });
});
