import { formatGwei, formatUnits } from "viem";
import { type Rehearsal } from "./rehearse";

/** What gas will cost: "It costs about 171,000 gas: 0.000171 ETH at the present price." @param symbol Of the chain's currency. */
export function describeCost({ gas, feeWei }: Rehearsal, symbol: string): string {
  const thousands = String((gas + 999n) / 1_000n);
  return `It costs about ${thousands},000 gas: ${inCurrency(feeWei, symbol)} at the present price of ${formatGwei(feeWei / gas)} gwei.`;
}

/** An amount of the chain's currency, rounded up to a gwei: "0.000171 ETH". */
export function inCurrency(feeWei: bigint, symbol: string): string {
  return `${formatUnits((feeWei + 999_999_999n) / 1_000_000_000n, 9)} ${symbol}`;
}
