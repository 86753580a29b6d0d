import { expect } from "chai";
import fc from "fast-check";
import { computeEpoch, type EpochInputs, type EpochResult } from "../../scripts/core/computeEpoch";
import { MissingDividendError } from "../../scripts/core/distribution/validators";
import { type Reward } from "../../scripts/core/distribution/rewardLedger";
import { WAD } from "../../scripts/core/fixedPoint";
import { DEFAULT_POLICY } from "../../scripts/core/policy/fields";
import { anyEpoch, epochInputs, miner, staker } from "../shared/epochInputs";
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
    it("gives what the rounding rules give when restated line by line", () => {
      fc.assert(
        fc.property(anyEpoch, (inputs) => {
          const { utility, emission, miners, validators, ...result } = computeEpoch(inputs);
          expect({
            utilityWad: utility.utilityWad,
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

    it("never emits above the schedule's ceiling, nor above pool and mint allowance, nor mints above the allowance", () => {
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

    it("burns at most θ and, of the rest, the miners' share", () => {
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

    it("never lowers the emission for one more reveal, nor raises the unmet quota for better quality", () => {
      fc.assert(
        fc.property(anyEpoch, fc.bigInt(0n, WAD), (inputs, better) => {
          const { active, revealed } = inputs.validators;
          const more = { ...inputs, validators: { active, revealed: Math.min(active, revealed + 1) } };
          expect(emissionOf(more) >= emissionOf(inputs)).to.equal(true);
          const qualityWad = better > inputs.qualityWad ? better : inputs.qualityWad;
          expect(
            computeEpoch({ ...inputs, qualityWad }).burnedUnmetQuotaWei <= computeEpoch(inputs).burnedUnmetQuotaWei,
          ).to.equal(true);
        }),
        runs,
      );
    });

    it("never emits more in a later epoch that is alike otherwise", () => {
      fc.assert(
        fc.property(anyEpoch, fc.integer({ min: 0, max: 1_000 }), (inputs, later) => {
          expect(emissionOf({ ...inputs, epoch: inputs.epoch + later }) <= emissionOf(inputs)).to.equal(true);
        }),
        runs,
      );
    });
  });

  describe("where the described system was wrong", () => {
    it("floating-point off-by-one: quality .45 of 700 burns 35, not 34", () => {
      const tasks = { completed: 7_000, difficultySumBps: 49_000_000 };
      const inputs = epochInputs({ tasks, validators: { active: 10, revealed: 7 }, qualityWad: (WAD * 45n) / 100n });
      const { emission, burnedUnmetQuotaWei } = computeEpoch(inputs);
      expect([emission.emissionWei, burnedUnmetQuotaWei]).to.deep.equal([700n, 35n]);
    });

    it("utility is not rounded on its way to the emission: a third of 3 · 10^18 + 3 is 10^18 + 1", () => {
      const inputs = epochInputs({
        baseRewardWei: 3n * WAD + 3n,
        mintableWei: 10n * WAD,
        tasks: { completed: 0, difficultySumBps: 0 },
        validators: { active: 3, revealed: 1 },
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

    it("a burn reduces what is paid: 80 of 400 burned leave 320", () => {
      const tasks = { completed: 1_000, difficultySumBps: 5_000_000 };
      const result = computeEpoch(
        epochInputs({
          tasks,
          validators: { active: 1, revealed: 1 },
          qualityWad: (WAD * 3n) / 10n,
          miners: [miner(alice, 1n)],
          stakers: [staker(bob, 1n)],
        }),
      );
      expect(result.emission.emissionWei).to.equal(400n);
      expect(result.burnedUnmetQuotaWei).to.equal(80n);
      expect(result.daoWei + result.miners.rewardsWei + result.validators.rewardsWei).to.equal(320n);
    });

    it("no share is stranded: with nobody eligible on a side, the side's whole pool is returned", () => {
      const nobody = computeEpoch(epochInputs());
      expect([nobody.daoWei, nobody.returnedWei]).to.deep.equal([200n, 800n]);
      const onlyMiners = computeEpoch(epochInputs({ miners: [miner(alice, 1n)] }));
      expect([onlyMiners.miners.rewardsWei, onlyMiners.returnedWei]).to.deep.equal([400n, 400n]);
      const idle = computeEpoch(epochInputs({ miners: [miner(alice, 0n)], stakers: [staker(bob, 0n)] }));
      expect(idle.returnedWei).to.equal(800n);
      expect([...idle.miners.rewards, ...idle.validators.rewards]).to.deep.equal([]);
    });

    it("no dust is lost: what three equal miners can't share of 400 is returned", () => {
      const result = computeEpoch(
        epochInputs({ miners: [miner(alice, 1n), miner(bob, 1n), miner(carol, 1n)], stakers: [staker(alice, 1n)] }),
      );
      expect(result.miners.rewardsWei).to.equal(399n);
      expect(result.returnedWei).to.equal(1n);
    });

    it("recycled tokens are not stuck at the cap: with nothing mintable the pool still pays", () => {
      const { emission } = computeEpoch(epochInputs({ mintableWei: 0n, poolWei: 600n }));
      expect(emission).to.include({ emissionWei: 600n, recycledWei: 600n, mintedWei: 0n, limitedBy: "funds" });
    });

    it("halvings are reached: the schedule halves at its epoch, not one before and not one after", () => {
      const emissions = [7, 8, 15, 16].map((epoch) => emissionOf(epochInputs({ epoch, halvingIntervalEpochs: 8 })));
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
