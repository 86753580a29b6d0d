import { expect } from "chai";
import fc from "fast-check";
import { WAD } from "../../scripts/core/fixedPoint";
import { agreedScoresU16, qualityWadOf, type ScoreRow, scoreWad } from "../../scripts/core/quality";

/** Rows of [stake, scores…]. */
function rowsOf(...rows: readonly (readonly [bigint, ...number[]])[]): ScoreRow[] {
  return rows.map(([stakeWei, ...scores]) => ({ stakeWei, scoresU16: Uint16Array.from(scores) }));
}

const agreedOf = (minerCount: number, ...rows: readonly (readonly [bigint, ...number[]])[]): number[] => [
  ...agreedScoresU16(rowsOf(...rows), minerCount),
];

describe("Agreed score", () => {
  it("is the highest score that enough of the stake supports, for each miner by itself", () => {
    expect(agreedOf(2, [10n, 900, 5], [10n, 700, 7], [10n, 100, 6])).to.deep.equal([700, 6]);
  });

  it("takes the higher score where exactly half of the stake supports it", () => {
    expect(agreedOf(1, [50n, 60_000], [50n, 10_000])).to.deep.equal([60_000]);
  });

  it("needs 32 767 of 65 535 parts: one part less does not do", () => {
    expect(agreedOf(1, [32_767n, 9], [32_768n, 3])).to.deep.equal([9]);
    expect(agreedOf(1, [32_766n, 9], [32_769n, 3])).to.deep.equal([3]);
  });

  it("adds up the support of those who score higher still", () => {
    expect(agreedOf(1, [20n, 65_535], [20n, 50_000], [20n, 40_000], [40n, 0])).to.deep.equal([40_000]);
  });

  it("weighs by stake, not by heads, and not at all without stake", () => {
    expect(agreedOf(1, [1n, 100], [1n, 100], [10n ** 26n, 7])).to.deep.equal([7]);
    expect(agreedOf(1, [0n, 65_535], [0n, 65_535], [1n, 7])).to.deep.equal([7]);
  });

  it("is zero where nobody revealed, or nobody with stake", () => {
    expect(agreedOf(2)).to.deep.equal([0, 0]);
    expect(agreedOf(2, [0n, 5, 6])).to.deep.equal([0, 0]);
  });

  it("is the highest score that the inequality holds for, for any rows", () => {
    const row = fc.tuple(fc.bigInt(0n, 100n), fc.integer({ min: 0, max: 20 }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        const total = rows.reduce((sum, [stake]) => sum + stake, 0n);
        fc.pre(total > 0n);
        const supportOf = (score: number): bigint =>
          rows.reduce((sum, [stake, given]) => (given >= score ? sum + stake : sum), 0n);
        const supported = [...Array(21).keys()].filter((score) => supportOf(score) * 65_535n >= 32_767n * total);
        expect(agreedOf(1, ...rows)).to.deep.equal([Math.max(...supported)]);
      }),
    );
  });

  it("in WAD is the score's share of 65 535, rounded down", () => {
    expect(scoreWad(0)).to.equal(0n);
    expect(scoreWad(1)).to.equal(15_259_021_896_696n);
    expect(scoreWad(32_768)).to.equal(500_007_629_510_948_348n);
    expect(scoreWad(65_535)).to.equal(WAD);
  });
});

describe("Quality of the network", () => {
  const miners = [
    { completedTasks: 3, agreedScoreWad: WAD },
    { completedTasks: 1, agreedScoreWad: WAD / 2n },
    { completedTasks: 0, agreedScoreWad: 0n },
  ];

  it("is the agreed score averaged over completed tasks, so that idle miners don't count", () => {
    expect(qualityWadOf(miners, 1)).to.equal((WAD * 875n) / 1_000n);
  });

  it("is rounded down once", () => {
    const third = [
      { completedTasks: 2, agreedScoreWad: 0n },
      { completedTasks: 1, agreedScoreWad: WAD },
    ];
    expect(qualityWadOf(third, 1)).to.equal(333_333_333_333_333_333n);
  });

  it("is one where no task was completed, or nobody revealed", () => {
    expect(qualityWadOf([], 5)).to.equal(WAD);
    expect(qualityWadOf([{ completedTasks: 0, agreedScoreWad: 0n }], 5)).to.equal(WAD);
    expect(qualityWadOf([{ completedTasks: 7, agreedScoreWad: 0n }], 0)).to.equal(WAD);
  });
});
