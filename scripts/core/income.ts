/** An amount in wei, and whatever else is known of it. */
interface Amount {
  readonly amountWei: bigint;
}

/** A part of what was earned, and the payment that settled it. */
export interface Paid<E extends Amount, P extends Amount> {
  readonly amountWei: bigint;
  /** Null where more was paid than was earned. */
  readonly earned: E | null;
  /** Null where it is not paid yet. */
  readonly payment: P | null;
}

/**
 * Which payment paid what: payments settle what was earned in its order, so what was earned first is paid first. A
 * payment that ends inside an earning divides it. Both sides keep their sums; nothing of 0 is reported.
 */
export function payInOrder<E extends Amount, P extends Amount>(
  earnings: readonly E[],
  payments: readonly P[],
): readonly Paid<E, P>[] {
  const parts: Paid<E, P>[] = [];
  const left = payments.map((payment) => ({ payment, amountWei: payment.amountWei }));
  for (const earned of earnings) {
    let unpaidWei = earned.amountWei;
    while (unpaidWei > 0n) {
      const next = left[0];
      const amountWei = next === undefined || next.amountWei > unpaidWei ? unpaidWei : next.amountWei;
      if (amountWei > 0n) parts.push({ amountWei, earned, payment: next?.payment ?? null });
      unpaidWei -= amountWei;
      if (next === undefined) continue;
      next.amountWei -= amountWei;
      if (next.amountWei === 0n) left.shift();
    }
  }
  const more = left.filter(({ amountWei }) => amountWei > 0n);
  return [...parts, ...more.map(({ amountWei, payment }) => ({ amountWei, earned: null, payment }))];
}
