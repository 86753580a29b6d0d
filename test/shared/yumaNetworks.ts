import fc from "fast-check";
import { rowFrom, type SparseRow } from "../../scripts/core/consensus/sparseRow";
import { type BondedVoice, type YumaParameters } from "../../scripts/core/consensus/yuma";
import { type DenseNetwork } from "./denseYuma";

/** Where exactness could break: nothing, the least, the middle, the most, and anything. */
export const u16s = fc.oneof(fc.constantFrom(0, 0, 1, 32_767, 32_768, 65_535), fc.integer({ min: 0, max: 65_535 }));

export const stakes = fc.oneof(fc.constantFrom(0n, 1n, 1n), fc.bigInt({ min: 0n, max: 10n ** 27n }));

/** Parameters without liquid alpha, defaults and extremes included. */
export const parameters: fc.Arbitrary<YumaParameters> = fc.record({
  kappaU16: fc.oneof(fc.constant(32_767), u16s),
  bondsPenaltyU16: u16s,
  bondsMovingAverage: fc.oneof(fc.constantFrom(0, 900_000, 1_000_000), fc.integer({ min: 0, max: 1_000_000 })),
  liquidAlpha: fc.constant(null),
});

export const rules = fc.constantFrom("yuma2", "yuma3");

/** Networks of any shape, with and without stake, permits, activity, weights and bonds. */
export function networks(maxValidators: number, maxMiners: number): fc.Arbitrary<DenseNetwork> {
  return fc.tuple(fc.nat(maxValidators), fc.nat(maxMiners)).chain(([validators, minerCount]) => {
    const perValidator = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
      fc.array(item, { minLength: validators, maxLength: validators });
    const row = fc.array(u16s, { minLength: minerCount, maxLength: minerCount });
    return fc.record({
      stakes: perValidator(stakes),
      active: perValidator(fc.integer({ min: 0, max: 4 }).map((n) => n > 0)),
      permitted: perValidator(fc.integer({ min: 0, max: 4 }).map((n) => n > 0)),
      weights: perValidator(row),
      bonds: perValidator(row),
      minerCount: fc.constant(minerCount),
    });
  });
}

/** A full row as a sparse one, without its zeros. */
export function sparse(row: readonly number[]): SparseRow {
  return rowFrom([...row.entries()].filter(([, value]) => value !== 0));
}

/** A sparse row as a full one. */
export function dense({ columns, values }: SparseRow, width: number): readonly number[] {
  const row = new Array<number>(width).fill(0);
  columns.forEach((column, k) => (row[column] = values[k]!));
  return row;
}

/** A network as the core takes it. */
export function voicesOf({ stakes, active, permitted, weights, bonds }: DenseNetwork): readonly BondedVoice[] {
  return stakes.map((stake, i) => ({
    stake,
    active: active[i]!,
    permitted: permitted[i]!,
    weights: sparse(weights[i]!),
    bonds: sparse(bonds[i]!),
  }));
}
