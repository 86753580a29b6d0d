import { parseUnits, formatGwei, formatUnits } from "viem";
import { U16_MAX, BPS, WAD, mulDivDown } from "../core/fixedPoint";

/** An amount that can't be read. */
export class AmountError extends Error {
  override readonly name = "AmountError";
}

/**
 * Reads an amount in MDT as people type it, exactly.
 * @throws AmountError if it is not a positive decimal number with at most 18 decimals.
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
 * A number with 18 decimals inside a sentence, wei as MDT or a ratio in WAD: cut after four digits, without zeros at
 * the end. A smaller value above zero reads "less than 0.0001".
 */
export function briefDecimal(value: bigint): string {
  if (value > 0n && value < 10n ** 14n) return "less than 0.0001";
  return formatMdt(value).replace(/\.?0+$/, "");
}

/** A ratio in WAD (1e18 = 1) as a decimal number, cut after four digits. */
export function formatWad(ratioWad: bigint): string {
  return formatMdt(ratioWad, 4);
}

/**
 * The cost of gas: "Gas costs about 0.000171 ETH (171,000 gas at 1 gwei)."
 * @param symbol The symbol of the chain's currency.
 */
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

/** A ratio in WAD (10^18 = 1) as a percentage with two digits, cut and never rounded up. */
export function percentOfWad(ratioWad: bigint): string {
  return percentOfHundredths(ratioWad / 10n ** 14n);
}

/** A u16 share of 1, where 65,535 is 1, as a percentage with two digits, cut. */
export function percentOfU16(shareU16: number): string {
  return percentOfHundredths((BigInt(shareU16) * BPS) / BigInt(U16_MAX));
}

/** Basis points as a percentage, without needless digits, and with a space that does not break. */
export function percentOfBps(bps: number): string {
  return `${bps / 100}\u00a0%`;
}

/** The same for a terminal: with an ordinary space. */
export function percentText(bps: number): string {
  return `${bps / 100} %`;
}

/** A ratio in the raw bits of I32F32 (2^32 = 1) as a percentage with two digits, cut. */
export function percentOfBits(bits: string): string {
  return percentOfHundredths((BigInt(bits) * BPS) >> 32n);
}

/**
 * Whether an epoch's quality means anything: without fees it is 1, and nobody is paid for work. Amounts may be decimal
 * strings.
 */
export function hasQuality(epoch: Readonly<Record<"qualityWad" | "minerRewardsWei", bigint | string>>): boolean {
  return BigInt(epoch.minerRewardsWei) > 0n || BigInt(epoch.qualityWad) !== WAD;
}

/** ⌊part / whole⌋ in WAD; 0 if `whole` is 0. */
export function shareWad(part: bigint, whole: bigint): bigint {
  return whole === 0n ? 0n : mulDivDown(WAD, part, whole);
}

function percentOfHundredths(hundredths: bigint): string {
  return `${(hundredths / 100n).toLocaleString("en")}.${(hundredths % 100n).toString().padStart(2, "0")}\u00a0%`;
}

/** "1 task", "24 tasks". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
