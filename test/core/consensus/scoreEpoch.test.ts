import { expect } from "chai";
import { ONE } from "../../../scripts/core/consensus/fixed32";
import { scoreEpoch, type ScoringValidator } from "../../../scripts/core/consensus/scoreEpoch";
import { EMPTY_ROW } from "../../../scripts/core/consensus/sparseRow";
import { DEFAULT_POLICY, type ValidatorRule } from "../../../scripts/core/policy/policy";
import { dense, sparse } from "../../shared/yumaNetworks";

/** A validator by its weights; null if it gives none, and its stake doesn't count. */
const validator = (weights: readonly number[] | null, rest: Partial<ScoringValidator> = {}): ScoringValidator => ({
  stakeWei: 10n ** 18n,
  weights: weights === null ? EMPTY_ROW : sparse(weights),
  active: weights !== null,
  bonds: EMPTY_ROW,
  ...rest,
});

describe("Scores of an epoch", () => {
  it("determine the miners' incentive and consensus, in raw bits", () => {
    const epoch = scoreEpoch("stake", [validator([100, 300]), validator([100, 300])], 2, DEFAULT_POLICY);
    // 21845 and 65535 of 87380.
    expect(epoch).to.deep.equal({
      consensus: [1_073_741_824n, 3_221_225_472n],
      incentive: [1_073_741_824n, 3_221_225_472n],
      validatorTrust: [BigInt(ONE), BigInt(ONE)],
      yuma: null,
    });
  });

  it("of an inactive validator don't count, and its bonds decay", () => {
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
      it(`are clipped at the policy's kappaU16 under the rule ${rule}`, () => {
        expect(incentiveOf(rule, 32_767), "60 % decide").to.deep.equal([4_284_083_217n, 10_884_078n]);
        expect(incentiveOf(rule, 60_000), "both must agree").to.deep.equal([2_147_483_648n, 2_147_483_648n]);
        expect(incentiveOf(rule, 20_000), "40 % decide too").to.deep.equal([2_575_671_634n, 1_719_295_661n]);
      });
    }
  });

  it("of a silent active validator count as zeros: silent stake of more than half leaves no consensus", () => {
    const half = [validator([1]), validator(null, { active: true })];
    const { consensus } = scoreEpoch("stake", half, 1, DEFAULT_POLICY);
    expect(consensus).to.deep.equal([BigInt(ONE)]);
    const more = [validator([1]), validator(null, { active: true, stakeWei: 2n * 10n ** 18n })];
    expect(scoreEpoch("stake", more, 1, DEFAULT_POLICY).consensus).to.deep.equal([0n]);
  });

  it("of a validator without stake don't count, and its bonds are dropped", () => {
    const bonds = sparse([65_535]);
    const { yuma } = scoreEpoch("yuma3", [validator([1]), validator([1], { stakeWei: 0n, bonds })], 1, DEFAULT_POLICY);
    expect(yuma?.bonds.map((row) => dense(row, 1))).to.deep.equal([[6_553], [0]]);
  });
});
