import { expect } from "chai";
import fc from "fast-check";
import { agreedScoresU16, scoreWad, type ScoringStake } from "../../scripts/core/scores";
import { rowFrom } from "../../scripts/core/consensus/sparseRow";
import { bpsToWad, WAD } from "../../scripts/core/fixedPoint";

/** A score by miner; null if the validator does not list the miner. */
type Row = readonly (number | null)[];

/** Stake with its scores by miner; null if it revealed nothing. */
type Said = readonly [stakeWei: bigint, row: Row | null];

const stakesOf = (said: readonly Said[]): ScoringStake[] =>
  said.map(([stakeWei, row]) => ({
    stakeWei,
    scores: row && rowFrom(row.flatMap((score, miner) => (score === null ? [] : [[miner, score] as const]))),
  }));

/** The score that silent stake gives under a θ of one half. */
const NEUTRAL = 32_768;
const agreedOf = (minerCount: number, ...said: readonly Said[]): number[] => [
  ...agreedScoresU16(stakesOf(said), minerCount, 5_000),
];

describe("Agreed score", () => {
  it("is, for each miner separately, the highest score that enough of the stake supports", () => {
    expect(agreedOf(2, [10n, [900, 5]], [10n, [700, 7]], [10n, [100, 6]])).to.deep.equal([700, 6]);
  });

  it("takes the higher score if exactly half of the stake supports it", () => {
    expect(agreedOf(1, [50n, [60_000]], [50n, [10_000]])).to.deep.equal([60_000]);
  });

  it("needs 32 767 of 65 535 parts: one part less is not enough", () => {
    expect(agreedOf(1, [32_767n, [9]], [32_768n, [3]])).to.deep.equal([9]);
    expect(agreedOf(1, [32_766n, [9]], [32_769n, [3]])).to.deep.equal([3]);
  });

  it("adds up the support of everyone who scores at least as high", () => {
    expect(agreedOf(1, [20n, [65_535]], [20n, [50_000]], [20n, [40_000]], [40n, [0]])).to.deep.equal([40_000]);
  });

  it("weighs scores by stake, not by validators, and ignores those without stake", () => {
    expect(agreedOf(1, [1n, [100]], [1n, [100]], [10n ** 26n, [7]])).to.deep.equal([7]);
    expect(agreedOf(1, [0n, [65_535]], [0n, [65_535]], [1n, [7]])).to.deep.equal([7]);
  });

  it("is neutral if nobody revealed, nobody has stake, or nobody lists the miner", () => {
    expect(agreedOf(2)).to.deep.equal([NEUTRAL, NEUTRAL]);
    expect(agreedOf(2, [0n, [5, 6]])).to.deep.equal([NEUTRAL, NEUTRAL]);
    expect(agreedOf(2, [7n, null], [5n, null])).to.deep.equal([NEUTRAL, NEUTRAL]);
    expect(agreedOf(2, [7n, []], [5n, [9]])).to.deep.equal([NEUTRAL, NEUTRAL]);
  });

  it("is the lone revealer's score if it holds half of the stake, and neutral if it holds less", () => {
    expect(agreedOf(2, [50n, [65_535, NEUTRAL]], [50n, null])).to.deep.equal([65_535, NEUTRAL]);
    expect(agreedOf(2, [49n, [65_535, 0]], [51n, null])).to.deep.equal([NEUTRAL, NEUTRAL]);
    expect(agreedOf(2, [51n, [65_535, 0]], [49n, null])).to.deep.equal([65_535, 0]);
  });

  it("treats an unlisted miner like absence, and a listed score of zero as a zero", () => {
    expect(agreedOf(1, [51n, [null]], [49n, [65_535]])).to.deep.equal([NEUTRAL]);
    expect(agreedOf(1, [51n, [0]], [49n, [65_535]])).to.deep.equal([0]);
  });

  for (const [thresholdBps, neutral] of [
    [0, 0],
    [1, 7],
    [3_000, 19_661],
    [9_999, 65_529],
    [10_000, 65_535],
  ] as const) {
    it(`is ${neutral} without any scores under a θ of ${thresholdBps} bps: the lowest that isn't below θ`, () => {
      expect([...agreedScoresU16([], 1, thresholdBps)]).to.deep.equal([neutral]);
      expect(scoreWad(neutral) >= bpsToWad(thresholdBps)).to.equal(true);
      if (neutral > 0) expect(scoreWad(neutral - 1) < bpsToWad(thresholdBps)).to.equal(true);
    });
  }

  it("is the highest score that satisfies the inequality, for any rows and any θ", () => {
    const score = fc.option(fc.integer({ min: 0, max: 20 }));
    const said = fc.tuple(fc.bigInt(0n, 100n), fc.option(fc.tuple(score)));
    fc.assert(
      fc.property(fc.array(said, { minLength: 1, maxLength: 8 }), fc.nat(30), (all, thresholdBps) => {
        const total = all.reduce((sum, [stake]) => sum + stake, 0n);
        fc.pre(total > 0n);
        const neutral = Math.ceil((65_535 * thresholdBps) / 10_000);
        const given = all.map(([stake, row]) => ({ stake, score: row?.[0] ?? neutral }));
        const supportOf = (least: number): bigint =>
          given.reduce((sum, { stake, score }) => (score >= least ? sum + stake : sum), 0n);
        const supported = [...Array(201).keys()].filter((least) => supportOf(least) * 65_535n >= 32_767n * total);
        expect([...agreedScoresU16(stakesOf(all), 1, thresholdBps)]).to.deep.equal([Math.max(...supported)]);
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
