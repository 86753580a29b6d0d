import { type Address } from "viem";
import { type RoleHolders } from "../../chain/roles";
import { type WatchEvent } from "./watchEvents";

type HoldersChanged = Extract<WatchEvent, { kind: "holdersChanged" }>;

/**
 * Roles whose holders are not what they should be.
 * @param before The holders at the last look; null at the first.
 * @param known Who may hold roles; null where whoever held them at the first look may.
 */
export function changedHolders(
  before: readonly RoleHolders[] | null,
  now: readonly RoleHolders[],
  known: readonly Address[] | null,
): readonly HoldersChanged[] {
  const isKnown = (holder: Address): boolean => known?.some((one) => same(one, holder)) ?? false;
  return now.flatMap(({ role, contract, holders }, index) => {
    const earlier = before?.[index]?.holders ?? (known === null ? holders : []);
    const added = holders.filter((holder) => !isIn(earlier, holder) && !isKnown(holder));
    const removed = earlier.filter((holder) => !isIn(holders, holder));
    const isChange = added.length > 0 || removed.length > 0;
    return isChange ? [{ kind: "holdersChanged" as const, role, contract, added, removed }] : [];
  });
}

function isIn(list: readonly Address[], account: Address): boolean {
  return list.some((one) => same(one, account));
}

function same(one: Address, other: Address): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
