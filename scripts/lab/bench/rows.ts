import { renderTable } from "../../show/table";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One measured figure. Null where there is no target, no peer, or the peer was not run at this size. */
export interface BenchRow {
  readonly name: string;
  readonly unit: string;
  readonly size: number;
  readonly ours: number;
  readonly target: number | null;
  readonly peer: string | null;
  readonly peerValue: number | null;
}

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

const FILE = join(__dirname, "gas.json");

/** Gas by what was measured, so that a change of any of it shows in a diff. */
export type GasSnapshot = Readonly<Record<string, number>>;

/** Gas as it is recorded in the repository; nothing where nothing was recorded. */
export function readGasSnapshot(): GasSnapshot {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as GasSnapshot) : {};
}

/** Records gas as it was measured. */
export function writeGasSnapshot(rows: readonly BenchRow[]): void {
  writeFileSync(FILE, `${JSON.stringify(gasSnapshotOf(rows), null, 2)}\n`);
}

/** The rows of a benchmark as a snapshot; the peers' gas is recorded too. */
export function gasSnapshotOf(rows: readonly BenchRow[]): GasSnapshot {
  return Object.fromEntries(
    rows.flatMap(({ name, size, ours, peer, peerValue }) => {
      const key = `${name} (${size})`;
      const own = [key, ours] as const;
      return peer === null || peerValue === null ? [own] : [own, [`${key}, ${peer}`, peerValue] as const];
    }),
  );
}

/** Every way in which the measured gas differs from the recorded one, a line each. */
export function gasDifferences(recorded: GasSnapshot, rows: readonly BenchRow[]): readonly string[] {
  const measured = gasSnapshotOf(rows);
  return [...new Set([...Object.keys(recorded), ...Object.keys(measured)])].flatMap((key) => {
    const [before, now] = [recorded[key], measured[key]];
    if (before === now) return [];
    if (before === undefined) return [`${key}: ${String(now)}, not recorded`];
    if (now === undefined) return [`${key}: ${before} is recorded, but not measured any more`];
    return [`${key}: ${now}, ${Math.abs(now - before)} ${now > before ? "more" : "less"} than recorded`];
  });
}
