import { type Address } from "viem";
import { sum } from "./fixedPoint";

/** What an account has, in wei: in its wallet, at stake or leaving, as unclaimed rewards, and in tasks' escrow. */
interface Holding {
  readonly account: Address;
  readonly balanceWei: bigint;
  readonly stakedWei: bigint;
  readonly unclaimedWei: bigint;
  readonly escrowWei: bigint;
}

/** Who holds the whole supply. */
export interface StateExport {
  readonly totalSupplyWei: bigint;
  /** Sorted by address; accounts without anything are omitted. */
  readonly holdings: readonly Holding[];
  /** The rest of the supply: in the pool, dust of roundings, and what was sent to contracts by mistake. */
  readonly restWei: bigint;
}

/** Amounts by account, in lower case. */
export type Amounts = ReadonlyMap<Address, bigint>;

/** What a contract owes to accounts, and the tokens that it holds for that. */
interface Owed {
  readonly heldWei: bigint;
  readonly amounts: Amounts;
}

/** The balances and debts don't add up to the supply: they were read incorrectly. */
export class ExportMismatchError extends Error {
  override readonly name = "ExportMismatchError";
}

/**
 * Who holds the whole supply. If a contract has less than it owes, each account gets less from it in proportion.
 * @param balances Of everyone but the deployment's own contracts.
 * @param ownWei The balances of those contracts together.
 */
export function exportState(
  totalSupplyWei: bigint,
  balances: Amounts,
  ownWei: bigint,
  { staked, unclaimed, escrow }: { readonly staked: Owed; readonly unclaimed: Owed; readonly escrow: Owed },
): StateExport {
  const balancesWei = sum([...balances.values(), ownWei]);
  if (balancesWei !== totalSupplyWei) {
    throw new ExportMismatchError(
      `The balances add up to ${balancesWei} wei, but the supply is ${totalSupplyWei} wei.`,
    );
  }
  const [stakedOf, unclaimedOf, escrowOf] = [staked, unclaimed, escrow].map(withinHeld) as [Amounts, Amounts, Amounts];
  const accounts = new Set([balances, stakedOf, unclaimedOf, escrowOf].flatMap((amounts) => [...amounts.keys()]));
  const holdings = [...accounts]
    .sort()
    .map((account) => ({
      account,
      balanceWei: balances.get(account) ?? 0n,
      stakedWei: stakedOf.get(account) ?? 0n,
      unclaimedWei: unclaimedOf.get(account) ?? 0n,
      escrowWei: escrowOf.get(account) ?? 0n,
    }))
    .filter((holding) => totalOf(holding) > 0n);
  return { totalSupplyWei, holdings, restWei: totalSupplyWei - sum(holdings.map(totalOf)) };
}

/** All that an account has, in wei. */
export function totalOf({ balanceWei, stakedWei, unclaimedWei, escrowWei }: Holding): bigint {
  return balanceWei + stakedWei + unclaimedWei + escrowWei;
}

function withinHeld({ heldWei, amounts }: Owed): Amounts {
  const owedWei = sum([...amounts.values()]);
  if (owedWei <= heldWei) return amounts;
  return new Map(Array.from(amounts, ([account, amountWei]) => [account, (amountWei * heldWei) / owedWei]));
}
