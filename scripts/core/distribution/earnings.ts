import { type Address } from "viem";
import { computeEpoch, type EpochInputs } from "../computeEpoch";
import { payMiners } from "./miners";
import { payValidators } from "./validators";
import { mulDivDown, sum, WAD } from "../fixedPoint";

/** What an account earned as a miner in an epoch, and why. Amounts in wei. */
interface MinerEarning {
  readonly amountWei: bigint;
  /** Fees of the tasks that it completed, and of those among them that came with a proof. */
  readonly feesWei: bigint;
  readonly provenFeesWei: bigint;
  /** The score that validators agree on. */
  readonly agreedScoreWad: bigint;
  /** Its part of the miners' pool, rounded down. */
  readonly shareWad: bigint;
  /** What the fee cap cut off its part of the pool. */
  readonly cutWei: bigint;
  /** Burned from its reward because its work was scored below the threshold. */
  readonly penaltyWei: bigint;
}

/** What an account earned with one stake in an epoch, and why. */
export interface StakeEarning {
  /** A validator earns its commission too. */
  readonly as: "validator" | "delegator";
  readonly validator: Address;
  readonly amountWei: bigint;
  /** The account's own stake on this validator, and all stake on it. */
  readonly stakeWei: bigint;
  readonly validatorStakeWei: bigint;
  readonly commissionBps: number;
  /** The validator's part of the validators' pool, rounded down. */
  readonly shareWad: bigint;
}

/** Everything that an account earned in an epoch. */
export interface Earnings {
  readonly earnedWei: bigint;
  /** Null if it had no part of the miners' pool. */
  readonly miner: MinerEarning | null;
  readonly stakes: readonly StakeEarning[];
}

/** An account that earned nothing. */
export const noEarnings: Earnings = { earnedWei: 0n, miner: null, stakes: [] };

/**
 * What everyone earned in an epoch, payment by payment; the epoch's rewards are the sums of these payments.
 * @returns Earnings by account in lower case; accounts without an entry had no part in the epoch.
 */
export function earningsOf(inputs: EpochInputs): ReadonlyMap<Address, Earnings> {
  const result = computeEpoch(inputs);
  const { policy } = inputs;
  const earnings = new Map<Address, Earnings>();
  payMiners(result.minerPoolWei, inputs.miners, policy, ({ miner, weight, amountWei, cutWei, penaltyWei }) => {
    const { account, feesWei, provenFeesWei, agreedScoreWad } = miner;
    const shareWad = mulDivDown(WAD, weight, result.miners.totalWeight);
    const before = earnings.get(account) ?? noEarnings;
    earnings.set(account, {
      ...before,
      earnedWei: before.earnedWei + amountWei,
      miner: { amountWei, feesWei, provenFeesWei, agreedScoreWad, shareWad, cutWei, penaltyWei },
    });
  });
  payValidators(
    result.validatorPools,
    inputs.stakers,
    policy.validatorRule,
    (account, amountWei, stakeWei, { staker, totalStakeWei, rewardWei }) => {
      const { account: validator, commissionBps } = staker;
      const stake: StakeEarning = {
        as: account === validator ? "validator" : "delegator",
        validator,
        amountWei,
        stakeWei,
        validatorStakeWei: totalStakeWei,
        commissionBps,
        shareWad: result.validatorPoolWei === 0n ? 0n : mulDivDown(WAD, rewardWei, result.validatorPoolWei),
      };
      const before = earnings.get(account) ?? noEarnings;
      const earnedWei = before.earnedWei + amountWei;
      earnings.set(account, { ...before, earnedWei, stakes: [...before.stakes, stake] });
    },
  );
  return earnings;
}

/** What an epoch added to everyone's rewards, in wei by account in lower case. */
interface PromisedRewards {
  readonly miners: ReadonlyMap<Address, bigint>;
  readonly stakers: ReadonlyMap<Address, bigint>;
}

/**
 * The same earnings in the amounts that were promised: if the epoch was settled incorrectly, those amounts are divided
 * in proportion, to the wei.
 */
export function earningsAsPromised(
  earnings: ReadonlyMap<Address, Earnings>,
  { miners, stakers }: PromisedRewards,
): ReadonlyMap<Address, Earnings> {
  return new Map(
    Array.from(earnings, ([account, { miner, stakes }]) => {
      const minerWei = miner === null ? 0n : (miners.get(account) ?? 0n);
      const stakesWei = stakers.get(account) ?? 0n;
      let [leftWei, computedWei] = [stakesWei, sum(stakes.map(({ amountWei }) => amountWei))];
      const promised = stakes.map((stake): StakeEarning => {
        const amountWei = stake.amountWei === 0n ? 0n : mulDivDown(leftWei, stake.amountWei, computedWei);
        leftWei -= amountWei;
        computedWei -= stake.amountWei;
        return { ...stake, amountWei };
      });
      return [
        account,
        { earnedWei: minerWei + stakesWei, miner: miner && { ...miner, amountWei: minerWei }, stakes: promised },
      ];
    }),
  );
}

/** An amount in wei, and whatever else is known of it. */
interface Amount {
  readonly amountWei: bigint;
}

/** A part of what was earned, and the payment that covered it. */
export interface Paid<E extends Amount, P extends Amount> {
  readonly amountWei: bigint;
  /** Null if more was paid than was earned. */
  readonly earned: E | null;
  /** Null if it is not paid yet. */
  readonly payment: P | null;
}

/**
 * Matches payments to earnings in order: what was earned first is paid first. A payment that ends inside an earning
 * splits it. Both sides keep their sums; parts of 0 are omitted.
 */
export function payInOrder<E extends Amount, P extends Amount>(
  earnings: readonly E[],
  payments: readonly P[],
): readonly Paid<E, P>[] {
  const parts: Paid<E, P>[] = [];
  const left = payments.map((payment) => ({ payment, amountWei: payment.amountWei }));
  for (const earned of earnings) {
    let unpaidWei = earned.amountWei;
    while (unpaidWei > 0n) {
      const next = left[0];
      const amountWei = next === undefined || next.amountWei > unpaidWei ? unpaidWei : next.amountWei;
      if (amountWei > 0n) parts.push({ amountWei, earned, payment: next?.payment ?? null });
      unpaidWei -= amountWei;
      if (next === undefined) continue;
      next.amountWei -= amountWei;
      if (next.amountWei === 0n) left.shift();
    }
  }
  const more = left.filter(({ amountWei }) => amountWei > 0n);
  return [...parts, ...more.map(({ amountWei, payment }) => ({ amountWei, earned: null, payment }))];
}
