import { type Address } from "viem";
import { type StakeEarning } from "./distribution/earnings";
import { BPS, mulDivDown, WAD } from "./fixedPoint";

/** A commission, and the first epoch in which it held. */
export interface AnnouncedCommission {
  readonly epoch: number;
  readonly commissionBps: number;
}

/** Something recently that anyone who has stake with a validator should know. */
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

/** Concerns are about so many epochs: as many as those in which misses add up to jail. */
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
