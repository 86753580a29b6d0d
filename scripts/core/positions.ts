import { type Address, zeroAddress } from "viem";

/** A change of someone's stake, as Staking's event carries it: shares of the validator's slash index. */
export interface PositionChange {
  readonly kind: "stakeChanged";
  readonly validator: Address;
  readonly account: Address;
  /** The first epoch in which `sharesFromEpoch` count; `sharesFromEpochAfter` count from the one after. */
  readonly epoch: bigint;
  readonly sharesFromEpoch: bigint;
  readonly sharesFromEpochAfter: bigint;
}

/** A validator left: from `epoch` on, none of the positions that it has by then count. */
export interface ValidatorExit {
  readonly kind: "validatorLeft";
  readonly validator: Address;
  readonly epoch: bigint;
}

/** Stake moving from one validator to another, where it counts as `shares` from `arrivalEpoch` on. */
export interface Redelegation {
  readonly kind: "redelegated";
  readonly from: Address;
  readonly to: Address;
  readonly account: Address;
  readonly arrivalEpoch: bigint;
  readonly shares: bigint;
  /** The index of `from` when the shares left it; a later index leaves ⌊shares · later / index⌋ until they arrive. */
  readonly index: bigint;
}

/** A slash that left a validator with `index`. */
export interface IndexChange {
  readonly kind: "slashed";
  readonly validator: Address;
  readonly epoch: bigint;
  readonly index: bigint;
}

/** An event that changes positions. */
export type PositionEvent = PositionChange | ValidatorExit | Redelegation | IndexChange;

/** Stake redelegated from one validator to another in one epoch, in shares of the receiving one. */
interface Batch {
  readonly from: Address;
  readonly to: Address;
  readonly arrivalEpoch: bigint;
  /** Shares that the contract's pool holds for the batch, rounded up. */
  shares: bigint;
  /** The index of `from` after its slashes so far. */
  index: bigint;
  readonly parts: { readonly account: Address; readonly shares: bigint; readonly index: bigint }[];
}

type Shares = Map<Address, Map<Address, bigint>>;

/** Shares by account, by validator; without zeros. The zero address has the shares that rounding left to nobody. */
export type Positions = ReadonlyMap<Address, ReadonlyMap<Address, bigint>>;

/** The first epoch whose positions an event changes; all later ones follow from it. */
export function firstEpochOf(event: PositionEvent): bigint {
  switch (event.kind) {
    case "redelegated":
      return event.arrivalEpoch - 1n;
    case "slashed":
      return event.epoch + 1n;
    case "stakeChanged":
    case "validatorLeft":
      return event.epoch;
  }
}

/**
 * Everyone's shares, epoch after epoch, rebuilt from the events of Staking in the order of the chain. What happens in
 * an epoch counts from the next one on (before genesis: from epoch 0), so the book moves forward with its events.
 */
export class PositionBook {
  /** The shares that count for `#epoch`. */
  readonly #counting: Shares = new Map();
  /** The new values of those that change in the next epoch, zeros included. */
  readonly #next: Shares = new Map();
  #batches: Batch[] = [];
  #epoch = 0n;

  /** The epoch that the book has reached; it can't go back. */
  get epoch(): bigint {
    return this.#epoch;
  }

  /** Takes the next event of the chain. */
  apply(event: PositionEvent): void {
    if (event.kind === "slashed" && !this.#batches.some(({ from }) => from === event.validator)) return;
    this.#enter(firstEpochOf(event));
    switch (event.kind) {
      case "validatorLeft":
        this.#counting.delete(event.validator);
        this.#next.delete(event.validator);
        this.#batches = this.#batches.filter(({ to }) => to !== event.validator);
        break;
      case "stakeChanged": {
        const { validator, account } = event;
        this.#count(validator, account, event.sharesFromEpoch);
        accountsOf(this.#next, validator).set(account, event.sharesFromEpochAfter);
        break;
      }
      case "redelegated":
        this.#redelegate(event);
        break;
      case "slashed":
        for (const batch of this.#batches) {
          if (batch.from === event.validator) this.#slash(batch, event.index);
        }
    }
  }

  /**
   * The positions that count for an epoch, once all events before it have been applied. They are valid until the next
   * event or epoch.
   */
  positionsIn(epoch: bigint): Positions {
    this.#enter(epoch);
    return this.#counting;
  }

  #enter(epoch: bigint): void {
    if (epoch <= this.#epoch) return;
    this.#epoch = epoch;
    for (const [validator, accounts] of this.#next) {
      for (const [account, shares] of accounts) this.#count(validator, account, shares);
    }
    this.#next.clear();
    // Slashes of `from` no longer affect batches that have arrived.
    this.#batches = this.#batches.filter(({ arrivalEpoch }) => arrivalEpoch >= epoch);
  }

  #redelegate({ from, to, arrivalEpoch, account, shares, index }: Redelegation): void {
    let batch = this.#batches.find(
      (known) => known.from === from && known.to === to && known.arrivalEpoch === arrivalEpoch,
    );
    if (batch === undefined) {
      batch = { from, to, arrivalEpoch, shares: 0n, index, parts: [] };
      this.#batches.push(batch);
    }
    batch.shares += shares;
    batch.parts.push({ account, shares, index });
  }

  /** Takes what the contract takes from the whole and from each part; the difference belongs to nobody. */
  #slash(batch: Batch, index: bigint): void {
    const lost = (batch.shares * (batch.index - index)) / batch.index;
    let unassigned = -lost;
    for (const part of batch.parts) {
      const partLost = (part.shares * batch.index) / part.index - (part.shares * index) / part.index;
      this.#add(batch, part.account, -partLost);
      unassigned += partLost;
    }
    this.#add(batch, zeroAddress, unassigned);
    batch.shares -= lost;
    batch.index = index;
  }

  /** Changes an account's shares from the arrival of a batch on. */
  #add({ to, arrivalEpoch }: Batch, account: Address, shares: bigint): void {
    const now = this.#counting.get(to)?.get(account) ?? 0n;
    const later = this.#next.get(to)?.get(account);
    if (arrivalEpoch === this.#epoch) this.#count(to, account, now + shares);
    if (arrivalEpoch > this.#epoch || later !== undefined) {
      accountsOf(this.#next, to).set(account, (later ?? now) + shares);
    }
  }

  #count(validator: Address, account: Address, shares: bigint): void {
    const accounts = accountsOf(this.#counting, validator);
    if (shares === 0n) accounts.delete(account);
    else accounts.set(account, shares);
  }
}

function accountsOf(shares: Shares, validator: Address): Map<Address, bigint> {
  const accounts = shares.get(validator) ?? new Map<Address, bigint>();
  shares.set(validator, accounts);
  return accounts;
}
