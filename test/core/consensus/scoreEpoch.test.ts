import { expect } from "chai";
import fc from "fast-check";
import { ONE, toU16 } from "../../../scripts/core/consensus/fixed32";
import { scaleScores, scoreEpoch, type ScoringValidator } from "../../../scripts/core/consensus/scoreEpoch";
import { EMPTY_ROW } from "../../../scripts/core/consensus/sparseRow";
import { DEFAULT_POLICY, type ValidatorRule } from "../../../scripts/core/policy/fields";
import { dense, sparse, u16s } from "../../shared/yumaNetworks";
import { U16_MAX } from "../../../scripts/core/fixedPoint";

const scaled = (scores: readonly number[]): readonly number[] => dense(scaleScores(sparse(scores)), scores.length);

const validator = (scores: readonly number[] | null, rest: Partial<ScoringValidator> = {}): ScoringValidator => ({
  stakeWei: 10n ** 18n,
  scores: scores && sparse(scores),
  ignoredMiners: new Set(),
  bonds: EMPTY_ROW,
  ...rest,
});

describe("Scores of an epoch", () => {
  describe("scaled to a maximum of 65535", () => {
    for (const [title, scores, expected] of [
      ["leave a full row as it is", [65_535, 1, 12_345], [65_535, 1, 12_345]],
      ["leave a row of zeros as it is", [0, 0], [0, 0]],
      ["round a half up", [1, 2], [32_768, 65_535]],
      ["round a half up to a maximum of 32768", [16_384, 32_768], [32_768, 65_535]],
      ["round a half down above it, where the factor is cut first", [30_000, 60_000], [32_767, 65_535]],
      ["give a single score everything", [7], [65_535]],
    ] as const) {
      it(title, () => {
        expect(scaled(scores)).to.deep.equal(expected);
      });
    }

    it("are within one half of their exact proportion, up to the cut factor", () => {
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

  it("make the miners' incentive and consensus, in raw bits", () => {
    const epoch = scoreEpoch("stake", [validator([100, 300]), validator([100, 300])], 2, DEFAULT_POLICY);
    // 21845 and 65535 of 87380.
    expect(epoch).to.deep.equal({
      consensus: [1_073_741_824n, 3_221_225_472n],
      incentive: [1_073_741_824n, 3_221_225_472n],
      validatorTrust: [BigInt(ONE), BigInt(ONE)],
      yuma: null,
    });
  });

  it("of a validator that did not reveal don't count, and its bonds decay", () => {
    const bonds = sparse([65_535]);
    const { validatorTrust, yuma } = scoreEpoch(
      "yuma3",
      [validator([1]), validator(null, { stakeWei: 10n ** 20n, bonds })],
      1,
      DEFAULT_POLICY,
    );
    expect(validatorTrust).to.deep.equal([BigInt(ONE), 0n]);
    expect(yuma?.dividends).to.deep.equal([BigInt(ONE), 0n]);
    expect(yuma?.bonds.map((row) => dense(row, 1))).to.deep.equal([[6_553], [58_981]]);
  });

  describe("of two validators with 60 and 40 % of the stake that contradict each other", () => {
    const opposed = [validator([65_535, 100], { stakeWei: 60n }), validator([100, 65_535], { stakeWei: 40n })];
    const incentiveOf = (rule: ValidatorRule, kappaU16: number) =>
      scoreEpoch(rule, opposed, 2, { ...DEFAULT_POLICY, kappaU16 }).incentive;

    for (const rule of ["stake", "yuma2", "yuma3"] as const) {
      it(`are clipped as the policy's kappaU16 says under the rule ${rule}`, () => {
        expect(incentiveOf(rule, 32_767), "60 % decide").to.deep.equal([4_284_083_217n, 10_884_078n]);
        expect(incentiveOf(rule, 60_000), "both must agree").to.deep.equal([2_147_483_648n, 2_147_483_648n]);
        expect(incentiveOf(rule, 20_000), "40 % decide too").to.deep.equal([2_575_671_634n, 1_719_295_661n]);
      });
    }
  });

  describe("for miners to be ignored", () => {
    const validators = [validator([60_000, 20_000], { ignoredMiners: new Set([0]) })];

    for (const rule of ["yuma2", "yuma3"] as const) {
      it(`don't count under ${rule}`, () => {
        const { incentive, yuma } = scoreEpoch(rule, validators, 2, DEFAULT_POLICY);
        expect(incentive).to.deep.equal([0n, BigInt(ONE)]);
        expect(yuma?.bonds.map((row) => dense(row, 2)[0])).to.deep.equal([0]);
      });
    }

    it("count under the rule stake", () => {
      const { incentive } = scoreEpoch("stake", validators, 2, DEFAULT_POLICY);
      expect(incentive.map((share) => toU16(Number(share)))).to.deep.equal([49_151, 16_383]);
    });
  });
});
