import { type Address } from "viem";
import { type StakeEarning } from "./distribution/earnings";
import { BPS, mulDivDown, WAD } from "./fixedPoint";

/** A commission, and the first epoch in which it held. */
export interface AnnouncedCommission {
  readonly epoch: number;
  readonly commissionBps: number;
}

/** A recent event that anyone with stake at a validator should know of. */
export type StakeConcern =
  | {
      readonly kind: "commissionRose";
      readonly validator: Address;
      /** The first epoch in which it holds. */
      readonly epoch: number;
      readonly fromBps: number;
      readonly toBps: number;
    }
  | { readonly kind: "validatorJailed"; readonly validator: Address }
  /** It was active in a settled epoch and revealed no scores, so its stake earned nothing. */
  | { readonly kind: "revealMissed"; readonly validator: Address; readonly epoch: number };

/** Epochs that concerns look back on: the window in which misses add up to jail. */
export const concernedEpochs = 8;

/**
 * What people with stake at a validator should know of it.
 * @param validator `commissions` oldest first.
 * @param epoch The running one.
 */
export function concernsOf(
  validator: {
    readonly validator: Address;
    readonly isJailed: boolean;
    readonly commissions: readonly AnnouncedCommission[];
    readonly missedEpochs: readonly number[];
  },
  epoch: number,
): readonly StakeConcern[] {
  const { validator: address, isJailed, commissions, missedEpochs } = validator;
  const isLate = (one: number): boolean => one > epoch - concernedEpochs;
  const rises = commissions.slice(1).map((to, index) => ({ from: commissions[index]!, to }));
  return [
    ...(isJailed ? [{ kind: "validatorJailed" as const, validator: address }] : []),
    ...rises
      .filter(({ from, to }) => to.commissionBps > from.commissionBps && isLate(to.epoch))
      .map(({ from, to }) => ({
        kind: "commissionRose" as const,
        validator: address,
        epoch: to.epoch,
        fromBps: from.commissionBps,
        toBps: to.commissionBps,
      })),
    ...missedEpochs.filter(isLate).map((one) => ({ kind: "revealMissed" as const, validator: address, epoch: one })),
  ];
}

/** What a stake earned in one epoch. */
type EarnedOnStake = Pick<StakeEarning, "amountWei" | "stakeWei">;

const yearSeconds = 365 * 86_400;

/**
 * The yearly return at the rate of these epochs, as a ratio times 10^18, rounded down: the mean of what a staked token
 * earned per epoch, times the epochs in a year of 365 days. Nothing is compounded; epochs without earnings count as
 * zero.
 * @param epochs Null for an epoch in which it had no part.
 * @returns Null if there are no epochs.
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
 * What a token delegated to a validator earned, or would have earned. With reward R, commission c, own stake s and all
 * stake T, the validator gets R·(c + (1 − c)·s/T), and each token delegated to it R·(1 − c)/T; so a token earned
 * amount·(1 − c)/(c·T + (1 − c)·s).
 */
export function delegatedTo({
  amountWei,
  stakeWei,
  validatorStakeWei,
  commissionBps,
}: Omit<StakeEarning, "as" | "validator" | "shareWad">): EarnedOnStake {
  const keptBps = BigInt(commissionBps);
  const sharedBps = BPS - keptBps;
  return { amountWei: amountWei * sharedBps, stakeWei: keptBps * validatorStakeWei + sharedBps * stakeWei };
}
