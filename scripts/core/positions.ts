import { type Address, zeroAddress } from "viem";

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

/** Stake on its way from one validator to another, for which it counts as `shares` from `arrivalEpoch` on. */
export interface Redelegation {
  readonly kind: "redelegated";
  readonly from: Address;
  readonly to: Address;
  readonly account: Address;
  readonly arrivalEpoch: bigint;
  readonly shares: bigint;
  /** The index of `from` when they left it; each later one leaves ⌊shares · later / index⌋ until they arrive. */
  readonly index: bigint;
}

/** A slash that left a validator with `index`. */
export interface IndexChange {
  readonly kind: "slashed";
  readonly validator: Address;
  readonly epoch: bigint;
  readonly index: bigint;
}

/** What was redelegated from one validator to another in one epoch, all in shares of the other. */
interface Batch {
  readonly from: Address;
  readonly to: Address;
  readonly arrivalEpoch: bigint;
  /** What the contract's pool holds of them, rounded up. */
  shares: bigint;
  /** What slashes of `from` have left of its index so far. */
  index: bigint;
  readonly parts: { readonly account: Address; readonly shares: bigint; readonly index: bigint }[];
}

/** Shares by account, by validator; without zeros. The zero address stands for what rounding left to nobody. */
export type Positions = ReadonlyMap<Address, ReadonlyMap<Address, bigint>>;

/**
 * Everybody's shares that count for an epoch, rebuilt from the events of Staking, one at a time and in order.
 *
 * What happened in the epoch itself or later does not count for it: its events name a later epoch and are skipped, except
 * those from before genesis, which count from epoch 0.
 */
export class PositionBook {
  readonly #sharesOf = new Map<Address, Map<Address, bigint>>();
  #batches: Batch[] = [];

  constructor(private readonly epoch: bigint) {}

  apply(event: PositionChange | ValidatorExit | Redelegation | IndexChange): void {
    if ((event.kind === "redelegated" ? event.arrivalEpoch : event.epoch) > this.epoch) return;
    switch (event.kind) {
      case "validatorLeft":
        this.#sharesOf.delete(event.validator);
        this.#batches = this.#batches.filter(({ to }) => to !== event.validator);
        break;
      case "stakeChanged":
        this.#set(
          event.validator,
          event.account,
          event.epoch === this.epoch ? event.sharesFromEpoch : event.sharesFromEpochAfter,
        );
        break;
      case "redelegated":
        this.#redelegate(event);
        break;
      case "slashed":
        this.#batches
          .filter(({ from, arrivalEpoch }) => from === event.validator && arrivalEpoch > event.epoch)
          .forEach((batch) => {
            this.#slash(batch, event.index);
          });
    }
  }

  #set(validator: Address, account: Address, shares: bigint): void {
    const accounts = this.#sharesOf.get(validator) ?? new Map<Address, bigint>();
    this.#sharesOf.set(validator, accounts);
    if (shares === 0n) accounts.delete(account);
    else accounts.set(account, shares);
  }

  #redelegate({ from, to, arrivalEpoch, account, shares, index }: Redelegation): void {
    let batch = this.#batches.find(
      (known) => known.from === from && known.to === to && known.arrivalEpoch === arrivalEpoch,
    );
    if (batch === undefined) {
      batch = { from, to, arrivalEpoch, shares: 0n, index, parts: [] };
      // Of what has arrived before, no slash takes anything any more.
      this.#batches = [...this.#batches.filter((known) => known.arrivalEpoch + 1n >= arrivalEpoch), batch];
    }
    batch.shares += shares;
    batch.parts.push({ account, shares, index });
  }

  /** Takes what the contract takes of the whole and of each part; the difference is nobody's. */
  #slash(batch: Batch, index: bigint): void {
    const accounts = this.#sharesOf.get(batch.to)!;
    const lost = (batch.shares * (batch.index - index)) / batch.index;
    let unassigned = -lost;
    for (const part of batch.parts) {
      const partLost = (part.shares * batch.index) / part.index - (part.shares * index) / part.index;
      this.#set(batch.to, part.account, (accounts.get(part.account) ?? 0n) - partLost);
      unassigned += partLost;
    }
    this.#set(batch.to, zeroAddress, (accounts.get(zeroAddress) ?? 0n) + unassigned);
    batch.shares -= lost;
    batch.index = index;
  }

  positions(): Positions {
    return this.#sharesOf;
  }
}
