import { type Address } from "viem";

/** A change of somebody's stake, as Staking's event carries it: shares of the validator's slash index. */
export interface PositionChange {
  readonly kind: "stakeChanged";
  readonly validator: Address;
  readonly account: Address;
  /** The first epoch in which `sharesFromEpoch` count; `sharesFromEpochAfter` count from the one after. */
  readonly epoch: bigint;
  readonly sharesFromEpoch: bigint;
  readonly sharesFromEpochAfter: bigint;
}

/** A validator left: from `epoch` on none of the positions that it has by then counts. */
export interface ValidatorExit {
  readonly kind: "validatorLeft";
  readonly validator: Address;
  readonly epoch: bigint;
}

/** Shares by account, by validator; without zeros. */
export type Positions = ReadonlyMap<Address, ReadonlyMap<Address, bigint>>;

/**
 * Everybody's shares that count for an epoch, rebuilt from the events of Staking, one at a time and in order.
 *
 * What happened in the epoch itself or later does not count for it: its events name a later epoch and are skipped, except
 * those from before genesis, which count from epoch 0.
 */
export class PositionBook {
  readonly #sharesOf = new Map<Address, Map<Address, bigint>>();

  constructor(private readonly epoch: bigint) {}

  apply(event: PositionChange | ValidatorExit): void {
    if (event.epoch > this.epoch) return;
    if (event.kind === "validatorLeft") {
      this.#sharesOf.delete(event.validator);
      return;
    }
    const shares = event.epoch === this.epoch ? event.sharesFromEpoch : event.sharesFromEpochAfter;
    const accounts = this.#sharesOf.get(event.validator) ?? new Map<Address, bigint>();
    this.#sharesOf.set(event.validator, accounts);
    if (shares === 0n) accounts.delete(event.account);
    else accounts.set(event.account, shares);
  }

  positions(): Positions {
    return this.#sharesOf;
  }
}
