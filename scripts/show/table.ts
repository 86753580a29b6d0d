import Table from "cli-table3";

type Rows = readonly (readonly string[])[];
type Side = "left" | "right";

/**
 * A plain table for a terminal or a file: no colours, no box, numbers to the right, no column that is empty in every
 * row. If a terminal is too narrow for it, each row becomes a few lines, each with a title and a value.
 * @param heads Column titles; a title that starts with ">" is aligned to the right, without the sign.
 * @param width How many characters fit into a line.
 */
export function renderTable(heads: readonly string[], rows: Rows, width = widthOf(process.stdout)): string {
  const hasContent = heads.map((_, i) => rows.length === 0 || rows.some((row) => row[i] !== ""));
  const filled = <T>(line: readonly T[]): readonly T[] => line.filter((_, i) => hasContent[i]);
  const titles = heads.map((head) => head.replace(/^>/, ""));
  const sides = heads.map((head) => (head.startsWith(">") ? "right" : "left"));
  const table = renderColumns(filled(sides), [titles, ...rows].map(filled));
  if (fits(table, width)) return table;
  const records = rows.map((row) => row.flatMap((cell, i) => (cell === "" ? [] : [[titles[i]!, cell]])));
  return records.map((record) => renderColumns(["left", "left"], record)).join("\n\n");
}

/** How many characters fit into a line of a stream; a file has room for any line. */
export function widthOf({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number }): number {
  return isTTY === true ? columns! : Infinity;
}

/**
 * Rows of a title, an amount and a note. If a terminal is too narrow for them, the notes go into lines of their own,
 * broken between words.
 */
export function renderNotes(
  rows: readonly (readonly [title: string, amount: string, note: string])[],
  width: number,
): string {
  const table = renderColumns(["left", "right", "left"], rows);
  if (fits(table, width)) return table;
  const heads = renderColumns(
    ["left", "right"],
    rows.map(([title, amount]) => [title, amount]),
  ).split("\n");
  const notes = rows.map(([, , note]) => (note === "" ? "" : `\n${wrapped(note, width - 2).replaceAll(/^/gm, "  ")}`));
  return heads.map((head, i) => `${head}${notes[i]!}`).join("\n");
}

/** A sentence in lines of at most `width` characters, broken between words. */
export function wrapped(sentence: string, width: number): string {
  const lines = [""];
  for (const word of sentence.split(" ")) {
    const line = lines.at(-1)!;
    if (line !== "" && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}

function fits(table: string, width: number): boolean {
  return table.split("\n").every((line) => line.length <= width);
}

/** A table without titles. */
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
