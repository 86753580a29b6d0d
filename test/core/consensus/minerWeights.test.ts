import { expect } from "chai";
import fc from "fast-check";
import { scaleScores, weighByWork } from "../../../scripts/core/consensus/scoreEpoch";
import { rowFrom } from "../../../scripts/core/consensus/sparseRow";
import { U16_MAX } from "../../../scripts/core/fixedPoint";
import { dense, sparse, u16s } from "../../shared/yumaNetworks";

const scaled = (scores: readonly number[]): readonly number[] => dense(scaleScores(sparse(scores)), scores.length);

describe("Scores", () => {
  describe("scaled to a maximum of 65535", () => {
    for (const [title, scores, expected] of [
      ["are unchanged in a row that has that maximum", [65_535, 1, 12_345], [65_535, 1, 12_345]],
      ["are unchanged in a row of zeros", [0, 0], [0, 0]],
      ["round up at a half", [1, 2], [32_768, 65_535]],
      ["round up at a half if the highest is 32768", [16_384, 32_768], [32_768, 65_535]],
      [
        "round down at a half if the highest is above 32768, because the factor is truncated first",
        [30_000, 60_000],
        [32_767, 65_535],
      ],
      ["become 65535 in a row of one score", [7], [65_535]],
    ] as const) {
      it(title, () => {
        expect(scaled(scores)).to.deep.equal(expected);
      });
    }

    it("are within one half of their exact proportion, up to the truncated factor", () => {
      fc.assert(
        fc.property(fc.array(u16s, { minLength: 1 }), (scores) => {
          const highest = Math.max(...scores, 1);
          scaled(scores).forEach((score, miner) => {
            expect(score).to.be.closeTo((scores[miner]! * U16_MAX) / highest, 0.5 + 2 ** -15);
          });
        }),
      );
    });
  });
});

describe("Scores weighed by work", () => {
  /** Rows of (score, unproven fees, proven fees). */
  const weighed = (...miners: readonly (readonly [score: number, unprovenWei: bigint, provenWei?: bigint])[]) => [
    ...weighByWork(
      rowFrom(miners.map(([score], miner) => [miner, score])),
      miners.map(([, unprovenWei, provenFeesWei = 0n]) => ({ feesWei: unprovenWei + provenFeesWei, provenFeesWei })),
    ).values,
  ];

  it("are score times unproven fees, scaled to ⌊x · 65535 / max x⌋", () => {
    expect(weighed([100, 2n], [300, 1n])).to.deep.equal([43_690, 65_535]);
    expect(weighed([65_535, 10n ** 27n], [1, 10n ** 27n])).to.deep.equal([65_535, 1]);
    expect(weighed([65_535, 10n ** 27n], [1, 10n ** 27n - 1n])).to.deep.equal([65_535, 0]);
  });

  it("are zero without fees, with proven fees only, and for a score of zero", () => {
    expect(weighed([65_535, 0n], [65_535, 0n, 9n], [0, 9n], [7, 1n])).to.deep.equal([0, 0, 0, 65_535]);
  });

  it("stay zero in a row in which nobody worked, and stay empty in an empty one", () => {
    expect(weighed([65_535, 0n], [1, 0n, 5n])).to.deep.equal([0, 0]);
    expect(weighed()).to.deep.equal([]);
  });

  it("keep the columns of a row that lists some miners only", () => {
    const fees = (feesWei: bigint) => ({ feesWei, provenFeesWei: 0n });
    const row = rowFrom([
      [1, 500],
      [3, 1_000],
    ]);
    const weights = weighByWork(row, [fees(9n), fees(1n), fees(9n), fees(2n)]);
    expect([...weights.columns]).to.deep.equal([1, 3]);
    expect([...weights.values]).to.deep.equal([16_383, 65_535]);
  });

  it("of a miner split in two, unless it has the highest, sum to those of the undivided miner, less at most 1", () => {
    const amount = fc.bigInt(1n, 10n ** 24n);
    fc.assert(
      fc.property(u16s, u16s, amount, amount, amount, (one, other, a, b, rest) => {
        fc.pre(BigInt(other) * rest >= BigInt(one) * (a + b));
        const [together] = weighed([one, a + b], [other, rest]);
        const [first, second] = weighed([one, a], [one, b], [other, rest]);
        expect(together! - first! - second!).to.be.within(0, 1);
      }),
    );
  });
});
