import { expect } from "chai";
import fc from "fast-check";
import { computeEpoch, type EpochInputs, type EpochResult } from "../../scripts/core/computeEpoch";
import { MissingDividendError } from "../../scripts/core/distribution/validators";
import { type Reward } from "../../scripts/core/rewardTree/rewardList";
import { WAD } from "../../scripts/core/fixedPoint";
import { DEFAULT_POLICY } from "../../scripts/core/policy/policy";
import { anyEpoch, epochInputs, miner, staker, UNCAPPED_POLICY } from "../shared/epochInputs";
import { restatedEpoch } from "../shared/restatedEpoch";
import { accountOf } from "../shared/rewardLists";

const runs = { numRuns: 200 };

const alice = accountOf(1);
const bob = accountOf(2);
const carol = accountOf(3);

function amounts(rewards: readonly Reward[]): Record<string, bigint> {
  return Object.fromEntries(rewards.map(({ account, amountWei }) => [account, amountWei]));
}

function sumOf(rewards: readonly Reward[]): bigint {
  return rewards.reduce((sum, { amountWei }) => sum + amountWei, 0n);
}

/** Every part that an emission is split into. */
function partsOf(result: EpochResult): bigint {
  return (
    sumOf(result.miners.rewards) +
    sumOf(result.validators.rewards) +
    result.daoWei +
    result.burnedUnmetQuotaWei +
    result.burnedQualityPenaltyWei +
    result.returnedWei
  );
}

function emissionOf(inputs: EpochInputs): bigint {
  return computeEpoch(inputs).emission.emissionWei;
}

describe("An epoch's computation", () => {
  describe("for any inputs", () => {
    it("matches the rounding rules, restated line by line", () => {
      fc.assert(
        fc.property(anyEpoch, (inputs) => {
          const { utility, emission, miners, validators, ...result } = computeEpoch(inputs);
          expect({
            utilityWad: utility.utilityWad,
            qualityWad: result.qualityWad,
            emission: emission.emissionWei,
            recycled: emission.recycledWei,
            minted: emission.mintedWei,
            unmetQuota: result.burnedUnmetQuotaWei,
            qualityPenalty: result.burnedQualityPenaltyWei,
            dao: result.daoWei,
            returned: result.returnedWei,
            minerRewards: amounts(miners.rewards),
            validatorRewards: amounts(validators.rewards),
          }).to.deep.equal(restatedEpoch(inputs));
        }),
        runs,
      );
    });

    it("splits the emission to the wei, and no part is negative", () => {
      fc.assert(
        fc.property(anyEpoch, (inputs) => {
          const result = computeEpoch(inputs);
          expect(partsOf(result)).to.equal(result.emission.emissionWei);
          expect(result.emission.recycledWei + result.emission.mintedWei).to.equal(result.emission.emissionWei);
          expect(result.returnedWei >= 0n).to.equal(true);
          expect(result.miners.rewardsWei).to.equal(sumOf(result.miners.rewards));
          expect(result.validators.rewardsWei).to.equal(sumOf(result.validators.rewards));
        }),
        runs,
      );
    });

    it("emits at most the schedule's ceiling, mints at most the allowance, and recycles at most the pool", () => {
      fc.assert(
        fc.property(anyEpoch, (inputs) => {
          const { emission } = computeEpoch(inputs);
          const halvings = BigInt(Math.floor(inputs.epoch / inputs.halvingIntervalEpochs));
          expect(emission.ceilingWei).to.equal(inputs.baseRewardWei >> halvings);
          expect(emission.emissionWei <= emission.ceilingWei).to.equal(true);
          expect(emission.emissionWei <= inputs.poolWei + inputs.mintableWei).to.equal(true);
          expect(emission.mintedWei <= inputs.mintableWei).to.equal(true);
          expect(emission.recycledWei <= inputs.poolWei).to.equal(true);
        }),
        runs,
      );
    });

    it("doesn't depend on the order of miners, stakers and delegations", () => {
      const shuffled = anyEpoch.chain((inputs) =>
        fc
          .tuple(
            fc.shuffledSubarray([...inputs.miners], { minLength: inputs.miners.length }),
            fc.shuffledSubarray([...inputs.stakers], { minLength: inputs.stakers.length }),
          )
          .map(([miners, stakers]) => ({
            inputs,
            other: {
              ...inputs,
              miners,
              stakers: stakers.map((one) => ({ ...one, delegations: one.delegations.toReversed() })),
            },
          })),
      );
      fc.assert(
        fc.property(shuffled, ({ inputs, other }) => {
          expect(computeEpoch(other)).to.deep.equal(computeEpoch(inputs));
        }),
        runs,
      );
    });

    it("lists each account once per list, sorted, without zeros", () => {
      fc.assert(
        fc.property(anyEpoch, (inputs) => {
          const { miners, validators } = computeEpoch(inputs);
          for (const { rewards } of [miners, validators]) {
            const accounts = rewards.map(({ account }) => account);
            expect(accounts).to.deep.equal([...new Set(accounts)].sort());
            expect(rewards.every(({ amountWei }) => amountWei > 0n)).to.equal(true);
          }
        }),
        runs,
      );
    });

    it("burns at most θ of the emission, and the miners' share of the rest", () => {
      fc.assert(
        fc.property(anyEpoch, (inputs) => {
          const { burnedUnmetQuotaWei, burnedQualityPenaltyWei, emission } = computeEpoch(inputs);
          const theta = BigInt(inputs.policy.qualityThresholdBps);
          const bound = theta * 10_000n + (10_000n - theta) * BigInt(inputs.policy.minerShareBps);
          expect((burnedUnmetQuotaWei + burnedQualityPenaltyWei) * 10n ** 8n <= emission.emissionWei * bound).to.equal(
            true,
          );
        }),
        runs,
      );
    });

    it("never lowers the emission for more revealed stake, nor raises the unmet quota for a better score", () => {
      fc.assert(
        fc.property(anyEpoch, fc.bigInt(0n, WAD), fc.nat(7), (inputs, better, which) => {
          const { activeStakeWei } = inputs.validators;
          const more = { ...inputs, validators: { activeStakeWei, revealedStakeWei: activeStakeWei } };
          expect(emissionOf(more) >= emissionOf(inputs)).to.equal(true);
          const miners = inputs.miners.map((one, index) =>
            index === which && better > one.agreedScoreWad ? { ...one, agreedScoreWad: better } : one,
          );
          expect(
            computeEpoch({ ...inputs, miners }).burnedUnmetQuotaWei <= computeEpoch(inputs).burnedUnmetQuotaWei,
          ).to.equal(true);
        }),
        runs,
      );
    });

    it("never emits more in a later epoch that is otherwise the same", () => {
      fc.assert(
        fc.property(anyEpoch, fc.integer({ min: 0, max: 1_000 }), (inputs, later) => {
          expect(emissionOf({ ...inputs, epoch: inputs.epoch + later }) <= emissionOf(inputs)).to.equal(true);
        }),
        runs,
      );
    });
  });

  describe("corrects the described system:", () => {
    it("floating-point off-by-one: work of .45 burns .05 of 700, which is 35, not 34", () => {
      const policy = { ...UNCAPPED_POLICY, weightsBps: [7_000, 3_000, 0] as const };
      const tasks = { completed: 10_000, difficultySumBps: 0 };
      const { emission, burnedUnmetQuotaWei } = computeEpoch(
        epochInputs({ policy, tasks, miners: [miner(alice, 1n, (WAD * 45n) / 100n)] }),
      );
      expect([emission.emissionWei, burnedUnmetQuotaWei]).to.deep.equal([700n, 35n]);
    });

    it("utility is not rounded before the emission: a third of 3 · 10^18 + 3 is 10^18 + 1", () => {
      const inputs = epochInputs({
        baseRewardWei: 3n * WAD + 3n,
        mintableWei: 10n * WAD,
        tasks: { completed: 0, difficultySumBps: 0 },
        validators: { activeStakeWei: 3n, revealedStakeWei: 1n },
        stakers: [staker(bob, 1n)],
        policy: { ...DEFAULT_POLICY, weightsBps: [0, 0, 10_000] },
      });
      expect(emissionOf(inputs)).to.equal(WAD + 1n);
    });

    it("a miner that is a validator too is paid for both, once in each list", () => {
      const { miners, validators } = computeEpoch(
        epochInputs({ miners: [miner(alice, 1n)], stakers: [staker(alice, 32n)] }),
      );
      expect(amounts(miners.rewards)).to.deep.equal({ [alice]: 400n });
      expect(amounts(validators.rewards)).to.deep.equal({ [alice]: 400n });
    });

    it("a burn reduces what is paid: 40 of 400 burned leave 360", () => {
      const tasks = { completed: 1_000, difficultySumBps: 20_000_000 / 4 };
      const result = computeEpoch(
        epochInputs({
          policy: { ...UNCAPPED_POLICY, difficultyFloorTasks: 0 },
          tasks,
          miners: [miner(alice, 1n, (WAD * 3n) / 10n)],
          stakers: [staker(bob, 1n)],
        }),
      );
      // Work brings 50 + 150 of the 400; it lacks .2 of θ.
      expect(result.emission.emissionWei).to.equal(400n);
      expect(result.burnedUnmetQuotaWei).to.equal(40n);
      expect(result.daoWei + result.miners.rewardsWei + result.validators.rewardsWei).to.equal(360n);
    });

    it("bad work burns nothing of what presence brought", () => {
      const idle = { completed: 0, difficultySumBps: 0 };
      const result = computeEpoch(
        epochInputs({ tasks: idle, miners: [miner(alice, 1n, 0n)], stakers: [staker(bob, 1n)] }),
      );
      expect([result.emission.emissionWei, result.burnedUnmetQuotaWei]).to.deep.equal([200n, 0n]);
    });

    it("no share is stranded: a side with nobody eligible returns its whole pool", () => {
      const nobody = computeEpoch(epochInputs());
      expect([nobody.emission.emissionWei, nobody.daoWei, nobody.returnedWei]).to.deep.equal([800n, 160n, 640n]);
      const onlyMiners = computeEpoch(epochInputs({ miners: [miner(alice, 1n)] }));
      expect([onlyMiners.miners.rewardsWei, onlyMiners.returnedWei]).to.deep.equal([320n, 320n]);
      const idle = computeEpoch(epochInputs({ miners: [miner(alice, 0n)], stakers: [staker(bob, 0n)] }));
      expect(idle.returnedWei).to.equal(640n);
      expect([...idle.miners.rewards, ...idle.validators.rewards]).to.deep.equal([]);
    });

    it("no dust is lost: the wei of 400 that three equal miners can't share is returned", () => {
      const result = computeEpoch(
        epochInputs({ miners: [miner(alice, 1n), miner(bob, 1n), miner(carol, 1n)], stakers: [staker(alice, 1n)] }),
      );
      expect(result.miners.rewardsWei).to.equal(399n);
      expect(result.returnedWei).to.equal(1n);
    });

    it("a miner's reward above its limit is returned, and paid to nobody else", () => {
      const policy = DEFAULT_POLICY;
      const result = computeEpoch(
        epochInputs({ policy, miners: [miner(alice, 100n), miner(bob, 900n)], stakers: [staker(carol, 1n)] }),
      );
      expect(amounts(result.miners.rewards)).to.deep.equal({ [alice]: 40n, [bob]: 360n });
      const fewer = computeEpoch(
        epochInputs({ policy, miners: [miner(alice, 10n), miner(bob, 90n)], stakers: [staker(carol, 1n)] }),
      );
      expect(amounts(fewer.miners.rewards)).to.deep.equal({ [alice]: 5n, [bob]: 45n });
      expect(fewer.returnedWei).to.equal(350n);
    });

    it("recycled tokens aren't stuck at the cap: the pool still pays if nothing is mintable", () => {
      const { emission } = computeEpoch(epochInputs({ mintableWei: 0n, poolWei: 600n, stakers: [staker(bob, 1n)] }));
      expect(emission).to.include({ emissionWei: 600n, recycledWei: 600n, mintedWei: 0n, limitedBy: "funds" });
    });

    it("halvings are reached: the schedule halves in its epoch, not one before or after", () => {
      const emissions = [7, 8, 15, 16].map((epoch) =>
        emissionOf(epochInputs({ epoch, halvingIntervalEpochs: 8, stakers: [staker(bob, 1n)] })),
      );
      expect(emissions).to.deep.equal([1_000n, 500n, 500n, 250n]);
    });
  });

  it("refuses a Yuma rule without a dividend, naming the validator", () => {
    const policy = { ...DEFAULT_POLICY, validatorRule: "yuma3" as const };
    expect(() => computeEpoch(epochInputs({ policy, stakers: [staker(bob, 1n)] })))
      .to.throw(MissingDividendError)
      .with.property("account", bob);
  });
});
