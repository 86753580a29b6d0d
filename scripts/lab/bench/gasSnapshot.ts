import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BenchRow } from "./benchRow";

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
