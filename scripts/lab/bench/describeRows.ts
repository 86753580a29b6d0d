import { renderTable } from "../../show/table";
import { type BenchRow } from "./benchRow";

/** The rows of a benchmark as a table for people. */
export function describeRows(rows: readonly BenchRow[]): string {
  const heads = ["what", ">size", ">ours", "unit", ">target", "", ">peer", "who"];
  return renderTable(
    heads,
    rows.map((row) => [
      row.name,
      row.size.toLocaleString("en"),
      numberText(row.ours),
      row.unit,
      row.target === null ? "" : numberText(row.target),
      verdictOf(row),
      row.peerValue === null ? "" : numberText(row.peerValue),
      row.peerValue === null ? "" : (row.peer ?? ""),
    ]),
  );
}

/** Every target is a most. */
function verdictOf({ ours, target }: BenchRow): string {
  if (target === null) return "";
  return ours <= target ? "met" : "MISSED";
}

/** Three significant digits, and every digit of a number of a thousand or more. */
function numberText(value: number): string {
  const maximumFractionDigits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toLocaleString("en", { maximumFractionDigits });
}
