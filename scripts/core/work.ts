import { type MinerRule } from "./policy/fields";
import { bpsToWad, WAD } from "./fixedPoint";

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

/** What all miners' work comes to. */
export interface EpochWork {
  /** Σ fees in wei. */
  readonly feesWei: bigint;
  /** Σ of the miners' work in wei · 10^18. */
  readonly workWeiWad: bigint;
  /** Σ unproven fees · what their score lacks of θ, in wei · 10^18. */
  readonly shortfallWeiWad: bigint;
  /** Σ unproven fees · score over the miners that performed, in wei · 10^18. */
  readonly judgedWeiWad: bigint;
}

/** Fees that no proof stands behind, in wei. */
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

/** ⌊Σ work / Σ fees⌋ in WAD, for showing only: one (10^18) where no fee was paid, since nothing was measured. */
export function qualityWadOf({ feesWei, workWeiWad }: EpochWork): bigint {
  return feesWei === 0n ? WAD : workWeiWad / feesWei;
}
