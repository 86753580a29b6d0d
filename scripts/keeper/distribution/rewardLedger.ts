import { type Address } from "viem";

/** What one account gets out of one list, in wei; never zero. */
export interface Reward {
  readonly account: Address;
  readonly amountWei: bigint;
}

/** Collects amounts by account, so that one account in several roles, or several times in one, has one entry. */
export class RewardLedger {
  readonly #weiOf = new Map<Address, bigint>();
  #totalWei = 0n;

  /** Adds an amount, already floored, to what the account (lower case) has. */
  add(account: Address, amountWei: bigint): void {
    if (amountWei === 0n) return;
    this.#weiOf.set(account, (this.#weiOf.get(account) ?? 0n) + amountWei);
    this.#totalWei += amountWei;
  }

  /** The sum of all entries in wei. */
  get totalWei(): bigint {
    return this.#totalWei;
  }

  /** The entries sorted by account, without zeros. */
  entries(): readonly Reward[] {
    const accounts = [...this.#weiOf.keys()].sort();
    return accounts.map((account) => ({ account, amountWei: this.#weiOf.get(account)! }));
  }
}
