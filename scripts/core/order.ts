/** For sorting: the smallest first. */
export function ascending<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}

/** For sorting: the largest first. */
export function descending<T extends string | number | bigint>(a: T, b: T): number {
  return ascending(b, a);
}

/** The lower one of the two in the middle; null of nothing. */
export function lowerMedian<T extends number | bigint>(values: readonly T[]): T | null {
  return values.toSorted(ascending)[(values.length - 1) >> 1] ?? null;
}
