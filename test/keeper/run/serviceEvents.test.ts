import { expect } from "chai";
import { BaseError } from "viem";
import { reasonOf } from "../../../scripts/keeper/run/reasonOf";
import { retrySeconds } from "../../../scripts/keeper/run/retrySeconds";

describe("Why something failed", () => {
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
