import Table from "cli-table3";

type Rows = readonly (readonly string[])[];
type Side = "left" | "right";

/**
 * A plain table for a terminal or a file: no colours, no box, numbers to the right.
 * @param heads Column titles; a title that starts with ">" is aligned to the right, without the sign.
 */
export function renderTable(heads: readonly string[], rows: Rows): string {
  return renderColumns(
    heads.map((head) => (head.startsWith(">") ? "right" : "left")),
    [heads.map((head) => head.replace(/^>/, "")), ...rows],
  );
}

/** The same without titles. */
export function renderColumns(sides: readonly Side[], lines: Rows): string {
  const table = new Table({
    colAligns: [...sides],
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 2 },
    chars: Object.fromEntries(
      [
        ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
        ["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
      ]
        .flat()
        .map((part) => [part, ""]),
    ),
  });
  table.push(...lines.map((line) => [...line]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
