import { expect } from "chai";
import { feeFloorWei, halvedFeeWei } from "../../scripts/core/policy/bounds";

describe("Fees of tasks", () => {
  const rule = { volumeFeeWei: 50n, difficultyFeeWei: 75n };

  const floors: [difficultyBps: number, floorWei: bigint][] = [
    [1, 51n],
    [4_000, 80n],
    [4_001, 81n],
    [10_000, 125n],
  ];
  for (const [difficultyBps, floorWei] of floors) {
    it(`are at least 50 + 75 · ${difficultyBps / 10_000}, rounded up to ${floorWei}`, () => {
      expect(feeFloorWei(rule, difficultyBps)).to.equal(floorWei);
    });
  }

  it("halve with the emission, rounded up, and are never zero", () => {
    expect([0, 7, 8, 16, 24, 8 * 300].map((epoch) => halvedFeeWei(5n, epoch, 8))).to.deep.equal([
      5n,
      5n,
      3n,
      2n,
      1n,
      1n,
    ]);
  });
});
