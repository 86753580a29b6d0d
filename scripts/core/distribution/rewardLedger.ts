import { type Address } from "viem";
import { ACCOUNT_BYTES } from "../rewardTree/rewardList";
import { sortedOrder } from "../rewardTree/sortedOrder";

/** What one account gets out of one list, in wei; never zero. */
export interface Reward {
  readonly account: Address;
  readonly amountWei: bigint;
}

/** Collects amounts by account, so that one account in several roles, or several times in one, has one entry. */
export class RewardLedger {
  readonly #added: Reward[] = [];
  #totalWei = 0n;

  /** Adds an amount, already floored, to what the account (lower case) has. */
  add(account: Address, amountWei: bigint): void {
    if (amountWei === 0n) return;
    this.#added.push({ account, amountWei });
    this.#totalWei += amountWei;
  }

  /** The sum of all entries in wei. */
  get totalWei(): bigint {
    return this.#totalWei;
  }

  /** The entries sorted by account, without zeros. Sorting bytes takes a third of the time that a map of texts takes. */
  entries(): readonly Reward[] {
    const entries: Reward[] = [];
    for (const position of sortedOrder(accountBytes(this.#added), ACCOUNT_BYTES)) {
      const { account, amountWei } = this.#added[position]!;
      const last = entries.at(-1);
      if (last?.account === account) entries[entries.length - 1] = { account, amountWei: last.amountWei + amountWei };
      else entries.push(this.#added[position]!);
    }
    return entries;
  }
}

function accountBytes(rewards: readonly Reward[]): Buffer {
  const bytes = Buffer.alloc(rewards.length * ACCOUNT_BYTES);
  rewards.forEach(({ account }, i) => bytes.write(account.slice(2), i * ACCOUNT_BYTES, "hex"));
  return bytes;
}
