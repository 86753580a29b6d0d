import Table from "cli-table3";

/**
 * A plain table for a terminal or a file: no colours, no box, numbers to the right.
 * @param heads Column titles; a title that starts with ">" is aligned to the right, without the sign.
 */
export function renderTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: heads.map((head) => head.replace(/^>/, "")),
    colAligns: heads.map((head) => (head.startsWith(">") ? "right" : "left")),
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
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
