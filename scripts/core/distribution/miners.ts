import { type Address } from "viem";
import { BPS, bpsToWad, min, mulDivDown, sum, WAD } from "../fixedPoint";
import { type Policy } from "../policy/fields";
import { type MinerWork, weightOf, workOf } from "../work";
import { type Reward, RewardLedger } from "./rewardLedger";

/** A miner in an epoch: its account in lower case, and its work. */
export interface MinerInput extends MinerWork {
  readonly account: Address;
}

/** The part of a policy that decides what a miner is paid. */
export type MinerPolicy = Pick<Policy, "minerRule" | "minerFeeCapBps" | "qualityPenaltyThresholdBps">;

/** How the miners' pool was split; amounts in wei. */
export interface MinerDistribution {
  /** Σ of what the pool was split by: work, or performance. */
  readonly totalWeight: bigint;
  readonly rewards: readonly Reward[];
  readonly rewardsWei: bigint;
  /** Burned from the rewards of miners below the penalty threshold. */
  readonly qualityPenaltyWei: bigint;
}

/**
 * Splits the miners' pool: ⌊pool · weight / Σ weight⌋ each, but at most ⌊work · minerFeeCap⌋, so that nobody gets back
 * what a task cost. A miner whose work is worth less than φ of its fees has ⌊reward · (φ − score) / φ⌋ of it burned.
 * What is in neither sum is dust, what the cap cut off, or the whole pool where nobody has a weight.
 */
export function distributeToMiners(
  poolWei: bigint,
  miners: readonly MinerInput[],
  policy: MinerPolicy,
): MinerDistribution {
  const ledger = new RewardLedger();
  let qualityPenaltyWei = 0n;
  const totalWeight = payMiners(poolWei, miners, policy, ({ miner, amountWei, penaltyWei }) => {
    ledger.add(miner.account, amountWei);
    qualityPenaltyWei += penaltyWei;
  });
  return { totalWeight, rewards: ledger.entries(), rewardsWei: ledger.totalWei, qualityPenaltyWei };
}

/** One payment to a miner, and what became of its part of the pool; amounts in wei. */
export interface MinerPayment {
  readonly miner: MinerInput;
  readonly weight: bigint;
  readonly amountWei: bigint;
  /** What the limit by fees cut off its part of the pool, and what was burned of the rest. */
  readonly cutWei: bigint;
  readonly penaltyWei: bigint;
}

/**
 * Makes the payments of distributeToMiners one by one, to all that have a weight.
 * @returns Σ weight.
 */
export function payMiners(
  poolWei: bigint,
  miners: readonly MinerInput[],
  policy: MinerPolicy,
  pay: (payment: MinerPayment) => void,
): bigint {
  const weights = miners.map((miner) => weightOf(miner, policy.minerRule));
  const totalWeight = sum(weights);
  miners.forEach((miner, index) => {
    const weight = weights[index]!;
    if (weight === 0n) return;
    const partWei = mulDivDown(poolWei, weight, totalWeight);
    const earnedWei = min(partWei, limitWei(miner, policy) ?? partWei);
    const penaltyWei = penaltyOn(earnedWei, miner, policy);
    pay({ miner, weight, amountWei: earnedWei - penaltyWei, cutWei: partWei - earnedWei, penaltyWei });
  });
  return totalWeight;
}

/** The most that a miner earns: ⌊work · minerFeeCap⌋; undefined where the policy has no limit. */
function limitWei(miner: MinerInput, { minerFeeCapBps }: MinerPolicy): bigint | undefined {
  return minerFeeCapBps === null ? undefined : mulDivDown(workOf(miner), BigInt(minerFeeCapBps), BPS * WAD);
}

/** ⌊earned · (φ − score) / φ⌋ where the score, work / fees or the agreed one without fees, is below φ. */
function penaltyOn(earnedWei: bigint, miner: MinerInput, policy: MinerPolicy): bigint {
  const thresholdWad = bpsToWad(policy.qualityPenaltyThresholdBps);
  const { feesWei, agreedScoreWad } = miner;
  const [scored, threshold] = feesWei === 0n ? [agreedScoreWad, thresholdWad] : [workOf(miner), thresholdWad * feesWei];
  return scored < threshold ? mulDivDown(earnedWei, threshold - scored, threshold) : 0n;
}
