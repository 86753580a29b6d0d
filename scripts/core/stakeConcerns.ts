import { type Address } from "viem";

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
