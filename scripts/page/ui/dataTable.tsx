import { type ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../context";
import { type Sorting, sortedBy } from "../models/tables";
import { Select } from "./blocks";
import { Amount } from "./values";

/** A column: its title, and what a row shows in it. */
export type Column<Row> = {
  readonly title: string;
  /** Left out on a phone's width: the row's own link leads to it. */
  readonly isMinor?: boolean;
  /** The value by which rows can be sorted here: the highest first, or the lowest if `lowestFirst`. */
  readonly order?: (row: Row) => number | bigint;
  readonly lowestFirst?: boolean;
} & (
  | { readonly kind?: "number"; readonly cell: (row: Row) => ComponentChildren }
  /** Amounts of MDT, with the decimal points below each other. */
  | { readonly kind: "amount"; readonly wei: (row: Row) => bigint | string }
);

/** Maximum values below each other on a phone's width; more stand in pairs, unless amounts show every digit. */
const mostInOneColumn = 4;

/**
 * A table; the first column names the row. On a phone's width each row is a block of its own, with the columns' titles
 * beside the values. The roles repeat those of the elements, because browsers drop them if a table has another layout.
 * @param atFirst Rows shown until a reader asks for the rest.
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
  atFirst = Infinity,
}: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  readonly atFirst?: number;
}) {
  const hasRoom = useApp().everyDigit || columns.length <= mostInOneColumn;
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [isWhole, setIsWhole] = useState(false);
  const shown = sortedBy(columns, rows, sorting).slice(0, isWhole ? undefined : atFirst);
  return (
    <>
      <SortChoice columns={columns} sorting={sorting} onSort={setSorting} />
      <div
        class={hasRoom ? "card scroll rows rows-long" : "card scroll rows"}
        tabIndex={0}
        role="group"
        aria-label={caption}
      >
        <table role="table">
          <caption class="hidden">{caption}</caption>
          <thead role="rowgroup">
            <tr role="row">
              {columns.map((column) => (
                <Header key={column.title} column={column} sorting={sorting} onSort={setSorting} />
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {shown.map((row) => (
              <Line key={keyOf(row)} row={row} columns={columns} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length === rows.length ? null : (
        <button
          type="button"
          onClick={() => {
            setIsWhole(true);
          }}
        >
          Show all {rows.length} rows
        </button>
      )}
    </>
  );
}

function Line<Row>({ row, columns }: { readonly row: Row; readonly columns: readonly Column<Row>[] }) {
  return (
    <tr role="row">
      {columns.map((column, index) =>
        index === 0 ? (
          <th key={column.title} role="rowheader" scope="row">
            {contentOf(column, row)}
          </th>
        ) : (
          <td key={column.title} role="cell" class={classOf(column)} data-title={column.title}>
            {contentOf(column, row)}
          </td>
        ),
      )}
    </tr>
  );
}

interface SortProps<Row> {
  readonly sorting: Sorting | null;
  readonly onSort: (sorting: Sorting) => void;
  readonly column: Column<Row>;
}

/** A title; a button if rows can be sorted by its column, which reverses the order when pressed again. */
function Header<Row>({ column, sorting, onSort }: SortProps<Row>) {
  const { title, kind, order, lowestFirst = false } = column;
  const isSorted = sorting?.title === title;
  const words = (
    <>
      {title}
      {kind === "amount" ? <span class="unit"> MDT</span> : null}
    </>
  );
  const common = { role: "columnheader", scope: "col", class: classOf(column) } as const;
  if (order === undefined) return <th {...common}>{words}</th>;
  const isAscending = isSorted && lowestFirst !== sorting.isReversed;
  return (
    <th {...common} aria-sort={isSorted ? (isAscending ? "ascending" : "descending") : "none"}>
      <button
        type="button"
        class="sort"
        onClick={() => {
          onSort({ title, isReversed: isSorted && !sorting.isReversed });
        }}
      >
        {words}
        {isSorted ? <span aria-hidden="true">{isAscending ? " ↑" : " ↓"}</span> : null}
      </button>
    </th>
  );
}

/** The same on a phone's width, where there are no titles to press. */
function SortChoice<Row>({
  columns,
  sorting,
  onSort,
}: Omit<SortProps<Row>, "column"> & { readonly columns: readonly Column<Row>[] }) {
  const sortable = columns.filter(({ order }) => order !== undefined);
  if (sortable.length === 0) return null;
  const unsorted = sorting === null ? [["", "as listed"] as const] : [];
  return (
    <div class="sort-choice">
      <Select
        label="Sort by"
        value={sorting?.title ?? ""}
        options={[...unsorted, ...sortable.map(({ title }) => [title, title] as const)]}
        onSelect={(title) => {
          onSort({ title, isReversed: false });
        }}
      />
    </div>
  );
}

function classOf<Row>({ kind, isMinor = false }: Column<Row>): string {
  return [...(kind === undefined ? [] : ["number"]), ...(isMinor ? ["minor"] : [])].join(" ");
}

function contentOf<Row>(column: Column<Row>, row: Row): ComponentChildren {
  return column.kind === "amount" ? <Amount wei={column.wei(row)} isAligned /> : column.cell(row);
}
