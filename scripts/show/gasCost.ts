import { formatGwei, formatUnits } from "viem";

/** What gas will cost: "Gas costs about 0.000171 ETH (171,000 gas at 1 gwei)." @param symbol Of the chain's currency. */
export function describeCost(
  { gas, feeWei }: { readonly gas: bigint; readonly feeWei: bigint },
  symbol: string,
): string {
  const thousands = String((gas + 999n) / 1_000n).replace(/\B(?=(\d{3})+$)/g, ",");
  return `Gas costs about ${inCurrency(feeWei, symbol)} (${thousands},000 gas at ${formatGwei(feeWei / gas)} gwei).`;
}

/** An amount of the chain's currency, rounded up to a gwei: "0.000171 ETH". */
export function inCurrency(feeWei: bigint, symbol: string): string {
  return `${formatUnits((feeWei + 999_999_999n) / 1_000_000_000n, 9)} ${symbol}`;
}
