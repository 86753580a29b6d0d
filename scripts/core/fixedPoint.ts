/** One in WAD: 18 decimals. */
export const WAD = 10n ** 18n;

/** One in basis points, for shares and factors that are numbers. */
export const ONE_IN_BPS = 10_000;

/** The same for amounts. */
export const BPS = BigInt(ONE_IN_BPS);

/** The largest u16: the highest score, and 1 wherever a share is stored in 16 bits. */
export const U16_MAX = 65_535;

/** One basis point as WAD; exact, since 10^18 is a multiple of 10^4. */
const WAD_PER_BPS = WAD / BPS;

/** An exact, non-negative fraction; the denominator is positive. Never rounded before it is multiplied by an amount. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** ⌊amount · numerator / denominator⌋ for non-negative operands: the only rounding in a line of the arithmetic. */
export function mulDivDown(amount: bigint, numerator: bigint, denominator: bigint): bigint {
  return (amount * numerator) / denominator;
}

/** ⌊amount · shareBps / 10 000⌋. */
export function bpsDown(amount: bigint, shareBps: number): bigint {
  return mulDivDown(amount, BigInt(shareBps), BPS);
}

/** Basis points as WAD, exactly. */
export function bpsToWad(shareBps: number): bigint {
  return BigInt(shareBps) * WAD_PER_BPS;
}

/** ⌊ratio · 10^18⌋: for display and for values defined in WAD, never as a step towards an amount. */
export function wadDown(ratio: Ratio): bigint {
  return mulDivDown(WAD, ratio.numerator, ratio.denominator);
}

/** The smaller of two amounts. */
export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The larger of two amounts. */
export function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** Σ amounts. */
export function sum(amounts: Iterable<bigint>): bigint {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}

/** For sorting: the smallest first. */
export function ascending<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}

/** For sorting: the largest first. */
export function descending<T extends string | number | bigint>(a: T, b: T): number {
  return ascending(b, a);
}

/** The median; the lower one if two are in the middle, null if there are no values. */
export function lowerMedian<T extends number | bigint>(values: readonly T[]): T | null {
  return values.toSorted(ascending)[(values.length - 1) >> 1] ?? null;
}
