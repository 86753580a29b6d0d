import { type ComponentChildren } from "preact";
import { useApp } from "../context";
import { Amount } from "./values";

/** A column: its title, and what a row shows in it. */
export type Column<Row> = {
  readonly title: string;
  /** Left out on a phone's width: for what the row's own link leads to. */
  readonly isMinor?: boolean;
} & (
  | { readonly kind?: "number"; readonly cell: (row: Row) => ComponentChildren }
  /** Amounts of MDT, with the decimal points below each other. */
  | { readonly kind: "amount"; readonly wei: (row: Row) => bigint | string }
);

/** On a phone's width so many values stand below each other; more stand in pairs, unless they have every digit. */
const mostInOneColumn = 4;

/**
 * A table; the first column names the row. On a phone's width each row is a block of its own, with the columns' titles beside
 * the values. The roles are those that the elements have anyway: browsers drop them where a table is laid out otherwise.
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
}: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
}) {
  const hasRoom = useApp().everyDigit || columns.length <= mostInOneColumn;
  return (
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
              <th key={column.title} role="columnheader" scope="col" class={classOf(column)}>
                {column.title}
                {column.kind === "amount" ? <span class="unit"> MDT</span> : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={keyOf(row)} role="row">
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
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classOf<Row>({ kind, isMinor = false }: Column<Row>): string {
  return [...(kind === undefined ? [] : ["number"]), ...(isMinor ? ["minor"] : [])].join(" ");
}

function contentOf<Row>(column: Column<Row>, row: Row): ComponentChildren {
  return column.kind === "amount" ? <Amount wei={column.wei(row)} isAligned /> : column.cell(row);
}
