import { type Address, getAddress } from "viem";
import { type Connection } from "../chain/connection";
import { type Fold } from "../chain/events/eventLog";
import { accountAt, amountAt, type RewardList } from "../core/rewardTree/rewardList";
import { lowerCase } from "../core/strictJson";
import { descending } from "../core/order";

/** An account that a claim would pay. Amounts in wei. */
export interface ClaimableAccount {
  readonly account: Address;
  readonly claimableWei: bigint;
}

/** What each account was paid in all, in wei by account in lower case. */
const claimed: Fold<Map<Address, bigint>> = {
  names: ["Claimed"],
  start: () => new Map(),
  copy: (paid) => new Map(paid),
  apply(paid, event) {
    if (event.name === "Claimed") paid.set(lowerCase(event.args.account), event.args.cumulative);
  },
};

/**
 * Everybody with something to claim, who has most first.
 * @param list What everybody has earned by the root that can be claimed against.
 */
export async function listClaimable({ events }: Connection, list: RewardList): Promise<readonly ClaimableAccount[]> {
  const paid = await events.fold(claimed);
  const rows: ClaimableAccount[] = [];
  for (const position of list.byAccount) {
    const account = accountAt(list, position);
    const claimableWei = amountAt(list, position) - (paid.get(account) ?? 0n);
    if (claimableWei > 0n) rows.push({ account: getAddress(account), claimableWei });
  }
  return rows.sort((a, b) => descending(a.claimableWei, b.claimableWei));
}
