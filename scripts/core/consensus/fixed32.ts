import { U16_MAX } from "../fixedPoint";

/**
 * The arithmetic of subtensor's consensus: I32F32, a number of 32 fractional bits (Rust's `substrate_fixed`).
 *
 * A value is held as its raw bits, value · 2^32, in an ordinary number. Every quantity of an epoch is a share of 1 or a
 * sum of at most some thousands of them, far below 2^53, so the number is an exact integer and no bound of I32F32 is
 * ever reached. Products and quotients pass 2^53; they are computed in pieces that don't, or with bigint if an operand
 * is too large even for that. Both paths give the same bits.
 */
export type Fixed32 = number;

/** The value 1. */
export const ONE: Fixed32 = 2 ** 32;

const FRACTION_BITS = 32n;
const PIECE = 2 ** 12;
const TOP_PIECE = 2 ** 8;

/** Above these the pieces of a product, or the remainder of a quotient, could pass 2^53. */
const FAST_FACTOR = 2 ** 40;
const FAST_SPLIT_FACTOR = 2 ** 36;
const FAST_DIVIDEND = 2 ** 32;
const FAST_DIVISOR = 2 ** 42;

/**
 * a · b, rounded down (towards minus infinity, as subtensor's shift does).
 *
 * b is cut into pieces of 12, 12 and the remaining bits from the low end; after each partial product the bits that
 * fall off are dropped, which changes nothing because floors of integer divisions nest.
 */
export function multiply(a: Fixed32, b: Fixed32): Fixed32 {
  if (Math.abs(a) > FAST_FACTOR || Math.abs(b) > FAST_SPLIT_FACTOR) {
    return Number((BigInt(a) * BigInt(b)) >> FRACTION_BITS);
  }
  const high = Math.floor(b / PIECE);
  const top = Math.floor(high / PIECE);
  const lowest = Math.floor((a * (b - high * PIECE)) / PIECE);
  const lower = Math.floor((a * (high - top * PIECE) + lowest) / PIECE);
  return Math.floor((a * top + lower) / TOP_PIECE);
}

/**
 * a / b, rounded down; 0 if b is 0, as in subtensor's safe division. Neither may be negative; the quotient is < 2^21.
 *
 * Any two integers on one scale may be given, such as two u16 scores: the quotient is their ratio. Long division, 21
 * bits and then 11: each step divides integers below 2^53, whose rounded quotient never reaches the next integer.
 */
export function divide(a: number, b: number): Fixed32 {
  if (b === 0) return 0;
  if (a > FAST_DIVIDEND || b > FAST_DIVISOR) return Number((BigInt(a) << FRACTION_BITS) / BigInt(b));
  const scaled = a * 2 ** 21;
  const high = Math.floor(scaled / b);
  return high * 2 ** 11 + Math.floor(((scaled - high * b) * 2 ** 11) / b);
}

/** The u16 that stands for a share: share · 65535, rounded down, at most 65535. The share is not negative and < 2^5. */
export function toU16(share: Fixed32): number {
  return Math.min(U16_MAX, Math.floor((share * U16_MAX) / ONE));
}

/**
 * Each value's share of their sum, rounded down; unchanged if the sum is 0. No value is negative, and all are on one
 * scale.
 */
export function normalise(values: Float64Array): Float64Array {
  const total = totalOf(values);
  return total === 0 ? values : values.map((value) => divide(value, total));
}

/** Σ values. */
export function totalOf(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
