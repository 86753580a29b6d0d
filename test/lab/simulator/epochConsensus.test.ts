import { expect } from "chai";
import { type Bonds } from "../../../scripts/core/assembleInputs";
import { DEFAULT_POLICY, type Policy } from "../../../scripts/core/policy/policy";
import { dayOf, peopleOf, RandomNumbers } from "../../../scripts/lab/simulator/days";
import { EpochConsensus, type Legacy, noLegacy } from "../../../scripts/lab/simulator/epochConsensus";
import { parseScenario } from "../../../scripts/lab/simulator/scenario";
import { perfect } from "./scenarios";

const scenario = parseScenario({
  ...perfect,
  miners: { ...perfect.miners, skillBps: 5_000, skillSpreadBps: 3_000 },
  validators: { ...perfect.validators, errorBps: 4_000 },
  tasks: { ...perfect.tasks, perEpoch: 90, typeSharesBps: [5_000, 3_000, 2_000] },
});
const day = dayOf(scenario, peopleOf(scenario), 3, new RandomNumbers(1));
const fees = [3n, 5n, 7n];
const yuma: Policy = { ...DEFAULT_POLICY, validatorRule: "yuma3" };

const under = (consensus: EpochConsensus, policy: Policy, feeOfType = fees, legacy: Legacy = noLegacy) =>
  consensus.under(
    {
      ...{ policy, baseRewardWei: 100n, halvingIntervalEpochs: 10, poolWei: 20n, mintableWei: 30n },
      tasks: { completed: 90, difficultySumBps: 1 },
    },
    feeOfType,
    legacy,
  );

const alone = (...given: [Policy, bigint[]?, Legacy?]) => under(new EpochConsensus(day), ...given);

/** Bonds that the epoch before leaves under Yuma 3. */
const bondsLeft: Bonds = alone(yuma).legacy.bonds;

describe("The consensus of a simulated epoch", () => {
  it("has the day's facts: each miner's tasks and fees, and each validator's stake", () => {
    const { inputs } = alone(DEFAULT_POLICY);
    expect(inputs.miners.map(({ feesWei, provenFeesWei }) => [feesWei, provenFeesWei])).to.deep.equal([
      [12n * 3n + 6n * 5n + 5n * 7n, 0n],
      [11n * 3n + 7n * 5n + 5n * 7n, 0n],
      [11n * 3n + 7n * 5n + 4n * 7n, 0n],
      [11n * 3n + 7n * 5n + 4n * 7n, 0n],
    ]);
    const { epoch, baseRewardWei, halvingIntervalEpochs, poolWei, mintableWei, tasks, validators } = inputs;
    expect({ epoch, baseRewardWei, halvingIntervalEpochs, poolWei, mintableWei, tasks }).to.deep.equal({
      ...{ epoch: 3, baseRewardWei: 100n, halvingIntervalEpochs: 10, poolWei: 20n, mintableWei: 30n },
      tasks: { completed: 90, difficultySumBps: 1 },
    });
    const stakeWei = 340_000n * 10n ** 18n;
    expect(validators).to.deep.equal({ activeStakeWei: stakeWei, revealedStakeWei: stakeWei });
  });

  it("leaves bonds to the next epoch under a Yuma rule, and none under the stake rule", () => {
    expect(alone(DEFAULT_POLICY).legacy).to.equal(noLegacy);
    expect(alone(yuma).legacy.rule).to.equal("yuma3");
    expect([...bondsLeft.keys()]).to.deep.equal(day.validators.map(({ account }) => account));
  });

  it("begins without bonds if the rule differs from the one before", () => {
    const kept = alone(yuma, fees, { rule: "yuma3", bonds: bondsLeft });
    expect(kept.legacy.bonds).not.to.deep.equal(bondsLeft);
    expect(alone(yuma, fees, { rule: "yuma2", bonds: bondsLeft })).to.deep.equal(alone(yuma));
  });

  it("is computed once for policies with the same scoring", () => {
    const consensus = new EpochConsensus(day);
    const first = under(consensus, yuma).inputs;
    expect(under(consensus, { ...yuma, minerShareBps: 1 }).inputs.stakers).to.equal(first.stakers);
    const strict = under(consensus, { ...yuma, qualityThresholdBps: 2_000 }).inputs;
    expect([strict.stakers === first.stakers, strict.miners === first.miners]).to.deep.equal([true, false]);
    expect(under(consensus, { ...yuma, qualityThresholdBps: 2_000 }).inputs.miners).to.equal(strict.miners);
  });

  const other: Legacy = { rule: "yuma3", bonds: bondsLeft };
  for (const [what, ...given] of [
    ["another threshold", { ...yuma, qualityThresholdBps: 2_000 }],
    ["another miner rule", { ...yuma, minerRule: "incentive" }],
    ["another validator rule", { ...yuma, validatorRule: "stake" }],
    ["another kappa", { ...yuma, kappaU16: 60_000 }],
    ["another bonds penalty", { ...yuma, bondsPenaltyU16: 0 }],
    ["a faster moving average of bonds", { ...yuma, bondsMovingAverage: 100_000 }],
    ["liquid alpha", { ...yuma, liquidAlpha: { low: 0.1, high: 0.9, steepness: 1_000 } }],
    ["another fee for the last type", yuma, [3n, 5n, 8n]],
    ["another fee for the first type", yuma, [4n, 5n, 7n]],
    ["bonds from an epoch before", yuma, fees, other],
  ] as readonly (readonly [string, Policy, bigint[]?, Legacy?])[]) {
    it(`is the same alone and beside a policy that doesn't have ${what}`, () => {
      const consensus = new EpochConsensus(day);
      expect(under(consensus, yuma)).not.to.deep.equal(alone(...given));
      expect(under(consensus, ...given)).to.deep.equal(alone(...given));
      expect(under(consensus, yuma)).to.deep.equal(alone(yuma));
    });
  }
});
