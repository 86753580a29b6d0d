import { formatGwei, formatUnits } from "viem";
import { type Rehearsal } from "./rehearse";

/** What gas will cost, rounded up to a gwei: "It costs about 171,000 gas: 0.000171 ETH at the present price." */
export function describeCost({ gas, feeWei }: Rehearsal): string {
  const thousands = String((gas + 999n) / 1_000n);
  const gwei = (feeWei + 999_999_999n) / 1_000_000_000n;
  return `It costs about ${thousands},000 gas: ${formatUnits(gwei, 9)} ETH at the present price of ${formatGwei(feeWei / gas)} gwei.`;
}
