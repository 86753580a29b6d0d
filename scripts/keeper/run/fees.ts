/** What a transaction offers, in wei per gas (EIP-1559). */
export interface Fees {
  readonly maxFeePerGasWei: bigint;
  readonly maxPriorityFeePerGasWei: bigint;
}

/** What the network asks at the moment, in wei per gas. */
export interface GasPrice {
  /** Of the newest block; the next block's is at most an eighth higher. */
  readonly baseFeePerGasWei: bigint;
  readonly priorityFeePerGasWei: bigint;
}

/** Fees to offer, or, if they would be above the ceiling, what would have to be offered. */
export type Offer =
  { readonly kind: "fees"; readonly fees: Fees } | { readonly kind: "aboveCeiling"; readonly askedWei: bigint };

/**
 * What to offer: room for the base fee to double, never more than the ceiling. To replace a transaction, both of its
 * fees are outbid by at least 12.5 %, rounded up: nodes want 10 %, some 12.5 %.
 * @param ceilingWei The most that is ever paid per gas.
 * @param outbid The fees of the transaction with the same nonce that is to be replaced.
 */
export function offerFor(price: GasPrice, ceilingWei: bigint, outbid?: Fees): Offer {
  const priorityWei = max(price.priorityFeePerGasWei, raised(outbid?.maxPriorityFeePerGasWei));
  const leastWei = max(price.baseFeePerGasWei + priorityWei, raised(outbid?.maxFeePerGasWei));
  if (leastWei > ceilingWei) return { kind: "aboveCeiling", askedWei: leastWei };
  const wantedWei = max(2n * price.baseFeePerGasWei + priorityWei, leastWei);
  return {
    kind: "fees",
    fees: {
      maxFeePerGasWei: wantedWei < ceilingWei ? wantedWei : ceilingWei,
      maxPriorityFeePerGasWei: priorityWei,
    },
  };
}

/** ⌈9/8 of a fee⌉, and at least one wei more; zero if there is nothing to outbid. */
function raised(feeWei: bigint | undefined): bigint {
  return feeWei === undefined ? 0n : max((feeWei * 9n + 7n) / 8n, feeWei + 1n);
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
