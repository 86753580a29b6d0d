import { type MinerRule, type Policy } from "../policy/policy";
import { bpsToWad, WAD, BPS, min, mulDivDown, sum } from "../fixedPoint";
import { type Address } from "viem";
import { type Reward, RewardLedger } from "../rewardTree/rewardList";

/** What the chain and the validators say of one miner in an epoch. */
export interface MinerWork {
  /** Yuma's incentive as raw I32F32 bits. */
  readonly performance: bigint;
  /** The score that validators agree on. */
  readonly agreedScoreWad: bigint;
  /** Fees in wei of the tasks that it completed, and of those among them that came with a proof. */
  readonly feesWei: bigint;
  readonly provenFeesWei: bigint;
}

/** The work of all miners together. */
export interface EpochWork {
  /** Σ fees in wei. */
  readonly feesWei: bigint;
  /** Σ of the miners' work in wei · 10^18. */
  readonly workWeiWad: bigint;
  /** Σ unproven fees · their score's shortfall below θ, in wei · 10^18. */
  readonly shortfallWeiWad: bigint;
  /** Σ unproven fees · score over the miners that performed, in wei · 10^18. */
  readonly judgedWeiWad: bigint;
}

/** Fees of tasks without a proof, in wei. */
export function unprovenWei({ feesWei, provenFeesWei }: Pick<MinerWork, "feesWei" | "provenFeesWei">): bigint {
  return feesWei - provenFeesWei;
}

/** A miner's work in wei · 10^18: unproven fees count by their score, proven ones in full. */
export function workOf(miner: MinerWork): bigint {
  return unprovenWei(miner) * miner.agreedScoreWad + miner.provenFeesWei * WAD;
}

/** What the miners' pool is split by. */
export function weightOf(miner: MinerWork, rule: MinerRule): bigint {
  return rule === "work" ? workOf(miner) : miner.performance;
}

/** @param thresholdBps θ. */
export function measureWork(miners: readonly MinerWork[], thresholdBps: number): EpochWork {
  const thresholdWad = bpsToWad(thresholdBps);
  let [feesWei, workWeiWad, shortfallWeiWad, judgedWeiWad] = [0n, 0n, 0n, 0n];
  for (const miner of miners) {
    if (miner.feesWei === 0n) continue;
    const { agreedScoreWad } = miner;
    const unproven = unprovenWei(miner);
    feesWei += miner.feesWei;
    workWeiWad += workOf(miner);
    if (agreedScoreWad < thresholdWad) shortfallWeiWad += unproven * (thresholdWad - agreedScoreWad);
    if (miner.performance > 0n) judgedWeiWad += unproven * agreedScoreWad;
  }
  return { feesWei, workWeiWad, shortfallWeiWad, judgedWeiWad };
}

/** ⌊Σ work / Σ fees⌋ in WAD, for display only: one (10^18) if no fee was paid, since nothing was measured. */
export function qualityWadOf({ feesWei, workWeiWad }: EpochWork): bigint {
  return feesWei === 0n ? WAD : workWeiWad / feesWei;
}

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
 * what a task cost. A miner whose work is worth less than φ of its fees loses ⌊reward · (φ − score) / φ⌋, which is
 * burned. Neither sum includes dust, what the cap cut off, or the whole pool if nobody has a weight.
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
interface MinerPayment {
  readonly miner: MinerInput;
  readonly weight: bigint;
  readonly amountWei: bigint;
  /** What the fee cap cut off its part of the pool, and what was burned of the rest. */
  readonly cutWei: bigint;
  readonly penaltyWei: bigint;
}

/**
 * Makes the payments of distributeToMiners one by one, to every miner with a weight.
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

/** The most that a miner earns: ⌊work · minerFeeCap⌋; undefined if the policy has no limit. */
function limitWei(miner: MinerInput, { minerFeeCapBps }: MinerPolicy): bigint | undefined {
  return minerFeeCapBps === null ? undefined : mulDivDown(workOf(miner), BigInt(minerFeeCapBps), BPS * WAD);
}

/** ⌊earned · (φ − score) / φ⌋ if the score, work / fees or the agreed one without fees, is below φ; else 0. */
function penaltyOn(earnedWei: bigint, miner: MinerInput, policy: MinerPolicy): bigint {
  const thresholdWad = bpsToWad(policy.qualityPenaltyThresholdBps);
  const { feesWei, agreedScoreWad } = miner;
  const [scored, threshold] = feesWei === 0n ? [agreedScoreWad, thresholdWad] : [workOf(miner), thresholdWad * feesWei];
  return scored < threshold ? mulDivDown(earnedWei, threshold - scored, threshold) : 0n;
}
