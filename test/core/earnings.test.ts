import { expect } from "chai";
import fc from "fast-check";
import { type Address } from "viem";
import { computeEpoch } from "../../scripts/core/computeEpoch";
import { earningsAsPromised, earningsOf } from "../../scripts/core/distribution/earnings";
import { WAD } from "../../scripts/core/fixedPoint";
import { DEFAULT_POLICY } from "../../scripts/core/policy/policy";
import { anyEpoch, epochInputs, miner, staker } from "../shared/epochInputs";
import { accountOf } from "../shared/rewardLists";

describe("Everyone's earnings in an epoch", () => {
  it("sum to each account's rewards, to the wei", () => {
    fc.assert(
      fc.property(anyEpoch, (inputs) => {
        const { miners, validators } = computeEpoch(inputs);
        const expected = new Map<string, bigint>();
        for (const { account, amountWei } of [...miners.rewards, ...validators.rewards]) {
          expected.set(account, (expected.get(account) ?? 0n) + amountWei);
        }
        const earnings = earningsOf(inputs);
        const earned = [...earnings].filter(([, { earnedWei }]) => earnedWei > 0n);
        expect(new Map(earned.map(([account, { earnedWei }]) => [account as string, earnedWei]))).to.deep.equal(
          expected,
        );
        const stakesWei = [...earnings.values()].flatMap(({ stakes }) => stakes.map(({ amountWei }) => amountWei));
        expect(stakesWei.reduce((sum, wei) => sum + wei, 0n)).to.equal(validators.rewardsWei);
      }),
      { numRuns: 200 },
    );
  });

  it("state a miner's share of the pool, the reward cut by its limit, and the penalty burned from the rest", () => {
    const [alice, bob] = [accountOf(1), accountOf(2)];
    const policy = { ...DEFAULT_POLICY, qualityPenaltyThresholdBps: 8_000 };
    const miners = [miner(alice, 400n, WAD / 2n), miner(bob, 600n, WAD, { provenFeesWei: 100n })];
    const earnings = earningsOf(epochInputs({ policy, baseRewardWei: 1_250n, miners }));
    // 1 000 are emitted, of which miners have 400; works of 200 and 600 share it, and the limit of the first is 100.
    expect(earnings.get(alice)).to.deep.equal({
      earnedWei: 63n,
      miner: {
        amountWei: 63n,
        feesWei: 400n,
        provenFeesWei: 0n,
        agreedScoreWad: WAD / 2n,
        shareWad: WAD / 4n,
        cutWei: 0n,
        penaltyWei: 37n,
      },
      stakes: [],
    });
    const capped = { ...policy, minerFeeCapBps: 1_000 };
    expect(earningsOf(epochInputs({ policy: capped, baseRewardWei: 1_250n, miners })).get(bob)?.miner).to.include({
      amountWei: 60n,
      provenFeesWei: 100n,
      cutWei: 240n,
      penaltyWei: 0n,
    });
  });

  it("state the validator of each stake, and the validator's share of the pool", () => {
    const [alice, bob, carol] = [accountOf(1), accountOf(2), accountOf(3)];
    const stakers = [staker(alice, 30n, 1_000, [[carol, 30n]]), staker(bob, 40n)];
    const earnings = earningsOf(epochInputs({ stakers }));
    expect(earnings.get(carol)?.stakes).to.deep.equal([
      {
        as: "delegator",
        validator: alice,
        amountWei: 108n,
        stakeWei: 30n,
        validatorStakeWei: 60n,
        commissionBps: 1_000,
        shareWad: (WAD * 6n) / 10n,
      },
    ]);
    expect(earnings.get(alice)?.stakes[0]).to.include({ as: "validator", amountWei: 132n });
  });

  describe("in the promised amounts", () => {
    const sumOf = (amounts: readonly { readonly amountWei: bigint }[]) =>
      amounts.reduce((sum, { amountWei }) => sum + amountWei, 0n);

    it("are unchanged if the epoch was settled as its facts require", () => {
      fc.assert(
        fc.property(anyEpoch, (inputs) => {
          const { miners, validators } = computeEpoch(inputs);
          const byAccount = (rewards: typeof miners.rewards) => {
            const sums = new Map<Address, bigint>();
            for (const { account, amountWei } of rewards) sums.set(account, (sums.get(account) ?? 0n) + amountWei);
            return sums;
          };
          const promised = { miners: byAccount(miners.rewards), stakers: byAccount(validators.rewards) };
          const earnings = earningsOf(inputs);
          const brief = (all: typeof earnings) => Array.from(all, ([, { earnedWei, stakes }]) => [earnedWei, stakes]);
          expect(brief(earningsAsPromised(earnings, promised))).to.deep.equal(brief(earnings));
        }),
      );
    });

    it("are divided in proportion if the epoch was settled differently, and sum to the promised amounts", () => {
      const [alice, bob, carol] = [accountOf(1), accountOf(2), accountOf(3)];
      const stakers = [staker(alice, 30n, 1_000, [[carol, 30n]]), staker(bob, 40n, 0, [[carol, 10n]])];
      const earnings = earningsOf(epochInputs({ stakers, miners: [miner(alice, 400n)] }));
      const half = earningsAsPromised(earnings, {
        miners: new Map([[alice, 7n]]),
        stakers: new Map([[carol, 71n]]),
      });
      expect(half.get(alice)).to.deep.include({ earnedWei: 7n });
      expect([half.get(alice)!.miner!.amountWei, sumOf(half.get(alice)!.stakes)]).to.deep.equal([7n, 0n]);
      const [before, after] = [earnings.get(carol)!.stakes, half.get(carol)!.stakes];
      expect(half.get(carol)!.earnedWei).to.equal(71n);
      expect(sumOf(after)).to.equal(71n);
      expect(after[0]!.amountWei).to.equal((71n * before[0]!.amountWei) / sumOf(before));
      const nothing = { miners: new Map(), stakers: new Map() };
      expect(earningsAsPromised(earnings, nothing).get(bob)?.earnedWei).to.equal(0n);
      expect(earningsAsPromised(half, nothing).get(alice)?.earnedWei, "of nothing, too").to.equal(0n);
    });
  });
});
