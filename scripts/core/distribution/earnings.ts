import { type Address } from "viem";
import { computeEpoch, type EpochInputs } from "../computeEpoch";
import { payMiners } from "./miners";
import { payValidators } from "./validators";
import { mulDivDown, WAD } from "../fixedPoint";

/** What an account earned as a miner in an epoch, and why. */
export interface MinerEarning {
  readonly amountWei: bigint;
  /** The score that validators agree on. */
  readonly agreedScoreWad: bigint;
  /** Its performance as a share of all miners', cut. */
  readonly shareWad: bigint;
  /** Burned of its reward because the agreed score was below the threshold. */
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
  /** The validator's part of the validators' pool, cut. */
  readonly shareWad: bigint;
}

/** Everything that an account earned in an epoch. */
export interface Earnings {
  readonly earnedWei: bigint;
  /** Null where it did not perform as a miner. */
  readonly miner: MinerEarning | null;
  readonly stakes: readonly StakeEarning[];
}

/** An account that earned nothing. */
export const noEarnings: Earnings = { earnedWei: 0n, miner: null, stakes: [] };

/**
 * What everybody earned in an epoch, payment by payment: the same payments that the epoch's rewards are the sums of.
 * @returns Earnings by account in lower case; who has no entry had no part in the epoch.
 */
export function earningsOf(inputs: EpochInputs): ReadonlyMap<Address, Earnings> {
  const result = computeEpoch(inputs);
  const { policy } = inputs;
  const earnings = new Map<Address, Earnings>();
  payMiners(result.minerPoolWei, inputs.miners, policy.qualityPenaltyThresholdBps, (miner, amountWei, penaltyWei) => {
    const { account, agreedScoreWad, performance } = miner;
    const shareWad = mulDivDown(WAD, performance, result.miners.totalPerformance);
    const before = earnings.get(account) ?? noEarnings;
    const earnedWei = before.earnedWei + amountWei;
    earnings.set(account, { ...before, earnedWei, miner: { amountWei, agreedScoreWad, shareWad, penaltyWei } });
  });
  payValidators(
    result.validatorPoolWei,
    inputs.stakers,
    policy.validatorRule,
    (account, amountWei, stakeWei, entry) => {
      const { account: validator, commissionBps } = entry.staker;
      const stake: StakeEarning = {
        as: account === validator ? "validator" : "delegator",
        validator,
        amountWei,
        stakeWei,
        validatorStakeWei: entry.totalStakeWei,
        commissionBps,
        shareWad: mulDivDown(WAD, entry.weight, result.validators.totalWeight),
      };
      const before = earnings.get(account) ?? noEarnings;
      const earnedWei = before.earnedWei + amountWei;
      earnings.set(account, { ...before, earnedWei, stakes: [...before.stakes, stake] });
    },
  );
  return earnings;
}
