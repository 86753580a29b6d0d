import { sum, U16_MAX } from "./fixedPoint";

/**
 * A miner's score from the scores of its tasks: Σ fee · score / Σ fee over the tasks that have one, rounded to the nearest
 * 1/65,535, and up where two are equally near. A double is a whole number of 2^-1074, so nothing is rounded before.
 * @param tasks Those that were asked about; feeWei in wei.
 * @param scores One a task: 0 to 1, or null where nothing is said of it.
 * @returns 0 to 65,535; null where no task with a fee has a score.
 */
export function minerScoreU16(
  tasks: readonly { readonly feeWei: bigint }[],
  scores: readonly (number | null)[],
): number | null {
  const scored = tasks.flatMap(({ feeWei }, i) => {
    const score = scores[i] ?? null;
    return score === null ? [] : [{ feeWei, score }];
  });
  const one = sum(scored.map(({ feeWei }) => feeWei)) << smallestDoubleBits;
  if (one === 0n) return null;
  const worth = sum(scored.map(({ feeWei, score }) => feeWei * inSmallestDoubles(score)));
  return Number((2n * BigInt(U16_MAX) * worth + one) / (2n * one));
}

/** The smallest double above zero is 2^-1074. */
const smallestDoubleBits = 1074n;

const fractionBits = 52n;

/** A double that is not negative, as a whole number of the smallest one. */
function inSmallestDoubles(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(value));
  const all = bits.getBigUint64(0);
  const exponent = all >> fractionBits;
  const fraction = BigInt.asUintN(Number(fractionBits), all);
  return exponent === 0n ? fraction : (fraction | (1n << fractionBits)) << (exponent - 1n);
}
