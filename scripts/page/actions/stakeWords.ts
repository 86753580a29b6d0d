import { formatExactMdt } from "../../show/amounts";

/** What anybody who stakes should know before. */
export const exitRule =
  "You can take it back at any time. It then stops counting in the next epoch, and is paid out three epochs after; until then it can be slashed with its validator.";

/** The account can't pay that much. */
export function aboveBalance(balanceWei: bigint): string {
  return `You have ${formatExactMdt(balanceWei)} MDT: choose at most that.`;
}

/** What a payment leaves. */
export function balanceAfter(balanceWei: bigint, amountWei: bigint): string {
  return `Your balance goes from ${formatExactMdt(balanceWei)} to ${formatExactMdt(balanceWei - amountWei)} MDT.`;
}

/** What a receipt adds. */
export function balanceGrows(amountWei: bigint): string {
  return `Your balance grows by ${formatExactMdt(amountWei)} MDT.`;
}
