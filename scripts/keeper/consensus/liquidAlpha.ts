import { divide, type Fixed32, multiply, ONE } from "./fixed32";

/** Bounds of the moving average's weight for a new observation, as fractions of 1, and how fast it rises between them. */
export interface LiquidAlpha {
  readonly low: number;
  readonly high: number;
  /** In hundredths; -32768 to 32767. */
  readonly steepness: number;
}

const HALF = ONE / 2;

/** subtensor cuts the exponent here, before it could overflow. */
const LARGEST_EXPONENT = 20 * ONE;

/** The exponential's series ends here: subtensor computes one term per fractional bit. */
const SERIES_TERMS = 32;

/**
 * Liquid alpha: a bond moves faster the further a validator's weight lies above the consensus when it buys, or below its
 * old bond when it sells. Between `low` and `high` the speed follows a sigmoid of that distance, centred on ½.
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
  const magnitude = Math.min(Math.abs(x), LARGEST_EXPONENT);
  let term = magnitude;
  let result = ONE + magnitude;
  for (let i = 2; i < SERIES_TERMS && term > 0; i++) {
    term = Math.floor(multiply(term, magnitude) / i);
    result += term;
  }
  return x < 0 ? divide(ONE, result) : result;
}
