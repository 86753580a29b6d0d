/**
 * One validator's row of a matrix: the columns (miners) that it lists, increasing, and a value for each.
 * A column that is not listed has the value 0, and listing a 0 changes nothing.
 */
export interface SparseRow {
  readonly columns: Uint32Array;
  readonly values: Float64Array;
}

export const EMPTY_ROW: SparseRow = { columns: new Uint32Array(0), values: new Float64Array(0) };

/** A row from (column, value) pairs in increasing order of their columns. */
export function rowFrom(entries: readonly (readonly [column: number, value: number])[]): SparseRow {
  return {
    columns: Uint32Array.from(entries, ([column]) => column),
    values: Float64Array.from(entries, ([, value]) => value),
  };
}

/** The same columns with other values. */
export function mapRow(row: SparseRow, value: (value: number, column: number) => number): SparseRow {
  const { columns } = row;
  return { columns, values: row.values.map((old, k) => value(old, columns[k]!)) };
}

/** The entries of a row that pass a test. */
export function filterRow(row: SparseRow, keep: (column: number, value: number) => boolean): SparseRow {
  const kept = row.columns.map((column, k) => (keep(column, row.values[k]!) ? 1 : 0));
  return { columns: row.columns.filter((_, k) => kept[k]), values: row.values.filter((_, k) => kept[k]) };
}

/** Two rows of the same validator combined, column by column; a column that one of them lacks has the value 0 there. */
export function mergeRows(
  first: SparseRow,
  second: SparseRow,
  combine: (first: number, second: number, column: number) => number,
): SparseRow {
  const columns = new Uint32Array(first.columns.length + second.columns.length);
  const values = new Float64Array(columns.length);
  let length = 0;
  for (let a = 0, b = 0; a < first.columns.length || b < second.columns.length; length++) {
    const column = Math.min(first.columns[a] ?? Infinity, second.columns[b] ?? Infinity);
    const inFirst = first.columns[a] === column ? first.values[a++]! : 0;
    const inSecond = second.columns[b] === column ? second.values[b++]! : 0;
    columns[length] = column;
    values[length] = combine(inFirst, inSecond, column);
  }
  return { columns: columns.slice(0, length), values: values.slice(0, length) };
}

/** For every column the result of folding its values over all rows, from 0. */
export function foldColumns(
  rows: readonly SparseRow[],
  columnCount: number,
  fold: (folded: number, value: number, rowIndex: number) => number,
): Float64Array {
  const result = new Float64Array(columnCount);
  rows.forEach(({ columns, values }, rowIndex) => {
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k]!;
      result[column] = fold(result[column]!, values[k]!, rowIndex);
    }
  });
  return result;
}

/** Σ over a row of f(value, column). */
export function sumRow(row: SparseRow, term: (value: number, column: number) => number): number {
  const { columns, values } = row;
  let total = 0;
  for (let k = 0; k < columns.length; k++) total += term(values[k]!, columns[k]!);
  return total;
}
