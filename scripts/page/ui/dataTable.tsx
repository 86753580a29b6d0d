import { type ComponentChildren } from "preact";

/** A column: its title, and what a row shows in it. */
export interface Column<Row> {
  readonly title: string;
  /** Numbers stand at the right; amounts are numbers whose unit is in the title. */
  readonly kind?: "number" | "amount";
  readonly cell: (row: Row) => ComponentChildren;
}

/** A table that scrolls within itself where the screen is narrow; the first column names the row. */
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
  const alignment = ({ kind }: Column<Row>) => (kind === undefined ? undefined : "number");
  return (
    <div class="card scroll" tabIndex={0} role="group" aria-label={caption}>
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={alignment(column)}>
                {column.title}
                {column.kind === "amount" ? <span class="unit"> MDT</span> : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.title} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.title} class={alignment(column)}>
                    {column.cell(row)}
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
