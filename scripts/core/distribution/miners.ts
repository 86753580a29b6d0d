import { type Address } from "viem";
import { bpsToWad, mulDivDown } from "../fixedPoint";
import { type Reward, RewardLedger } from "./rewardLedger";

/** A miner in an epoch: its Yuma incentive as raw I32F32 bits, and the score that validators agree on, in WAD. */
export interface MinerInput {
  readonly account: Address;
  readonly performance: bigint;
  readonly agreedScoreWad: bigint;
}

/** How the miners' pool was split; amounts in wei. */
export interface MinerDistribution {
  readonly totalPerformance: bigint;
  readonly rewards: readonly Reward[];
  readonly rewardsWei: bigint;
  /** Burned from the rewards of miners below the penalty threshold. */
  readonly qualityPenaltyWei: bigint;
}

/**
 * Splits the miners' pool by performance: ⌊pool · performance / Σ performance⌋ each. A miner whose agreed score is
 * below the threshold φ has ⌊reward · (φ − agreed) / φ⌋ of it burned. What is in neither sum is dust, or the whole pool
 * where no miner performed.
 */
export function distributeToMiners(
  poolWei: bigint,
  miners: readonly MinerInput[],
  penaltyThresholdBps: number,
): MinerDistribution {
  const ledger = new RewardLedger();
  let qualityPenaltyWei = 0n;
  const totalPerformance = payMiners(poolWei, miners, penaltyThresholdBps, ({ account }, amountWei, penaltyWei) => {
    ledger.add(account, amountWei);
    qualityPenaltyWei += penaltyWei;
  });
  return { totalPerformance, rewards: ledger.entries(), rewardsWei: ledger.totalWei, qualityPenaltyWei };
}

/** Takes one payment to a miner, and what was burned of it. */
export type PayMiner = (miner: MinerInput, amountWei: bigint, penaltyWei: bigint) => void;

/**
 * Makes the payments of distributeToMiners one by one, to all that performed.
 * @returns Σ performance.
 */
export function payMiners(
  poolWei: bigint,
  miners: readonly MinerInput[],
  penaltyThresholdBps: number,
  pay: PayMiner,
): bigint {
  const thresholdWad = bpsToWad(penaltyThresholdBps);
  let totalPerformance = 0n;
  for (const miner of miners) totalPerformance += miner.performance;

  for (const miner of miners) {
    const { performance, agreedScoreWad } = miner;
    if (performance === 0n) continue;
    const rewardWei = mulDivDown(poolWei, performance, totalPerformance);
    const penaltyWei =
      agreedScoreWad < thresholdWad ? mulDivDown(rewardWei, thresholdWad - agreedScoreWad, thresholdWad) : 0n;
    pay(miner, rewardWei - penaltyWei, penaltyWei);
  }
  return totalPerformance;
}
