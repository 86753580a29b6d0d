import { type BenchRow } from "./rows";

/** Something measured at one size. */
export interface SizedSeconds {
  readonly size: number;
  readonly cpuSeconds: number;
}

/** The exponent p for which time grew like size^p from the smaller size to the larger one: 1 is linear. */
export function growthExponent(smaller: SizedSeconds, larger: SizedSeconds): number {
  return Math.log(larger.cpuSeconds / smaller.cpuSeconds) / Math.log(larger.size / smaller.size);
}

/**
 * How time grew from each size to the next, and at most may grow: as n · log n does.
 * Measured in processor time, which other work on the machine affects less.
 */
export function growthRows(name: string, measured: readonly SizedSeconds[]): readonly BenchRow[] {
  return measured.slice(1).map((larger, i) => {
    const smaller = measured[i]!;
    const ours = growthExponent(smaller, larger);
    const target = growthExponent(nLogN(smaller.size), nLogN(larger.size));
    const what = `${name}: growth exponent from ${smaller.size}`;
    return { name: what, unit: "exponent", size: larger.size, ours, target, peer: null, peerValue: null };
  });
}

function nLogN(size: number): SizedSeconds {
  return { size, cpuSeconds: size * Math.log(size) };
}
