import { parseUnits, formatGwei, formatUnits } from "viem";

/** An amount that can't be read. */
export class AmountError extends Error {
  override readonly name = "AmountError";
}

/**
 * Reads an amount in MDT as people type it, exactly.
 * @throws AmountError where it is not a positive decimal number with at most 18 decimals.
 */
export function parseMdt(text: string): bigint {
  if (!/^\d{1,12}(\.\d{1,18})?$/.test(text) || parseUnits(text, 18) === 0n) {
    throw new AmountError(`"${text}" is not an amount: enter MDT above zero with at most 18 decimals, like 32 or 0.5.`);
  }
  return parseUnits(text, 18);
}

/**
 * An amount in MDT for people: thousands separated, cut (never rounded up) after `decimals` digits.
 * @param decimals How many digits after the point, 0 … 18.
 */
export function formatMdt(amountWei: bigint, decimals = 4): string {
  const sign = amountWei < 0n ? "-" : "";
  const digits = (amountWei < 0n ? -amountWei : amountWei).toString().padStart(19, "0");
  const units = digits.slice(0, -18).replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals === 0 ? `${sign}${units}` : `${sign}${units}.${digits.slice(-18).slice(0, decimals)}`;
}

/** An amount in MDT with every digit it has and no more: "1,234.5". Reading it gives the same amount again. */
export function formatExactMdt(amountWei: bigint): string {
  return formatMdt(amountWei, 18).replace(/\.?0+$/, "");
}

/**
 * A number with 18 decimals inside a sentence, wei as MDT or a ratio in WAD: cut after four digits, without zeros at the end.
 * What is above zero and too small for that is said to be less than 0.0001.
 */
export function briefDecimal(value: bigint): string {
  if (value > 0n && value < 10n ** 14n) return "less than 0.0001";
  return formatMdt(value).replace(/\.?0+$/, "");
}

/** A ratio in WAD (1e18 = 1) as a decimal number, cut after four digits. */
export function formatWad(ratioWad: bigint): string {
  return formatMdt(ratioWad, 4);
}

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
