/** How a table is sorted: by a column, and whether the other way round than one would first want it. */
export interface Sorting {
  readonly title: string;
  readonly isReversed: boolean;
}

interface Sortable<Row> {
  readonly title: string;
  readonly order?: (row: Row) => number | bigint;
  readonly lowestFirst?: boolean;
}

/** The rows sorted by one of the columns: the highest first, or the lowest; as they are where none is chosen. Ties stay in order. */
export function sortedBy<Row>(
  columns: readonly Sortable<Row>[],
  rows: readonly Row[],
  sorting: Sorting | null,
): readonly Row[] {
  const column = columns.find(({ title }) => title === sorting?.title);
  if (sorting === null || column?.order === undefined) return rows;
  const { order, lowestFirst = false } = column;
  const sign = lowestFirst === sorting.isReversed ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [first, second] = [order(a), order(b)];
    return first === second ? 0 : first < second ? -sign : sign;
  });
}
