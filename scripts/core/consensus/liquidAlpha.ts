import { type LiquidAlpha } from "../policy/fields";
import { divide, type Fixed32, multiply, ONE } from "./fixed32";

const HALF = ONE / 2;

/** subtensor cuts the exponent here, before it could overflow. */
const LARGEST_EXPONENT = 20 * ONE;

/** The exponential's series ends here: subtensor computes one term per fractional bit. */
const SERIES_TERMS = 32;

/** subtensor's constant for e^1, which has 23 fractional bits. */
const E = Math.floor(Math.E * 2 ** 23) * 2 ** 9;

/**
 * Liquid alpha: a bond moves faster the further a validator's weight lies above the consensus when it buys, or below its
 * old bond when it sells: low + (high − low) / (1 + e^(−steepness / 100 · (distance − ½))).
 * @returns The weight of the new observation for one pair, from its consensus, weight and old bond.
 */
export function alphaFor(parameters: LiquidAlpha): (consensus: Fixed32, weight: Fixed32, bond: Fixed32) => Fixed32 {
  const low = Math.round(parameters.low * ONE);
  const high = Math.round(parameters.high * ONE);
  const slope = Math.trunc((parameters.steepness * ONE) / -100);
  return (consensus, weight, bond) => {
    const distance = weight >= bond ? Math.max(0, weight - consensus) : bond - weight;
    const sigmoid = divide(ONE, ONE + exponential(multiply(distance - HALF, slope)));
    return Math.min(high, low + multiply(sigmoid, high - low));
  };
}

/**
 * e^x by subtensor's series, each term rounded down; for a negative x its reciprocal. Within |x| ≤ 14 every bit is
 * subtensor's; beyond, e^|x| passes 2^53 and keeps its 53 highest bits.
 */
function exponential(x: Fixed32): Fixed32 {
  if (x === ONE) return E;
  const magnitude = Math.min(Math.abs(x), LARGEST_EXPONENT);
  let term = magnitude;
  let result = ONE + magnitude;
  for (let i = 2; i < SERIES_TERMS && term > 0; i++) {
    term = Math.floor(multiply(term, magnitude) / i);
    result += term;
  }
  return x < 0 ? divide(ONE, result) : result;
}
