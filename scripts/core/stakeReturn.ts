import { mulDivDown, WAD } from "./fixedPoint";

/** What a stake earned in one epoch, wei. */
export interface EarnedOnStake {
  readonly amountWei: bigint;
  readonly stakeWei: bigint;
}

/** What a validator earned in one epoch with its own stake and its commission. */
export interface ValidatorEarned extends EarnedOnStake {
  /** All stake on it. */
  readonly validatorStakeWei: bigint;
  readonly commissionBps: number;
}

const BPS = 10_000n;
const yearSeconds = 365 * 86_400;

/**
 * The yearly return that epochs come to, as a ratio times 10^18, cut: the mean of what a token at stake earned in each of them,
 * times the epochs of a year of 365 days. Nothing is compounded, and an epoch in which nothing was earned counts as such.
 * @param epochs Null for an epoch without a part in it.
 * @returns Null without an epoch.
 */
export function yearlyReturnWad(epochs: readonly (EarnedOnStake | null)[], epochSeconds: number): bigint | null {
  if (epochs.length === 0) return null;
  const sumWad = epochs.reduce(
    (sum, one) => (one === null || one.stakeWei === 0n ? sum : sum + mulDivDown(WAD, one.amountWei, one.stakeWei)),
    0n,
  );
  return mulDivDown(sumWad, BigInt(yearSeconds), BigInt(epochs.length) * BigInt(epochSeconds));
}

/**
 * What a token delegated to a validator earned, or would have: of its reward R, with commission c, own stake s
 * and all stake T, the validator gets R·(c + (1 − c)·s/T) and each token delegated to it R·(1 − c)/T; so a token earned
 * amount·(1 − c)/(c·T + (1 − c)·s).
 */
export function delegatedTo({ amountWei, stakeWei, validatorStakeWei, commissionBps }: ValidatorEarned): EarnedOnStake {
  const keptBps = BigInt(commissionBps);
  const sharedBps = BPS - keptBps;
  return { amountWei: amountWei * sharedBps, stakeWei: keptBps * validatorStakeWei + sharedBps * stakeWei };
}
