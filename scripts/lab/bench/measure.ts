import { execFile } from "node:child_process";
import { createCipheriv } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Address } from "viem";
import { renderTable } from "../../show/table";

/** One measured figure. Null if there is no target, no peer, or the peer was not run at this size. */
export interface BenchRow {
  readonly name: string;
  readonly unit: string;
  readonly size: number;
  readonly ours: number;
  readonly target: number | null;
  readonly peer: string | null;
  readonly peerValue: number | null;
}

/** A figure; without a target and a peer unless they are given. */
export function row(
  name: string,
  unit: string,
  size: number,
  ours: number,
  more: Partial<Pick<BenchRow, "target" | "peer" | "peerValue">> = {},
): BenchRow {
  return { name, unit, size, ours, target: null, peer: null, peerValue: null, ...more };
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

/** Every target is an upper limit. */
function verdictOf({ ours, target }: BenchRow): string {
  if (target === null) return "";
  return ours <= target ? "met" : "MISSED";
}

/** Three significant digits, and every digit of a number of a thousand or more. */
function numberText(value: number): string {
  const maximumFractionDigits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toLocaleString("en", { maximumFractionDigits });
}

/** Where Linux reports on a process. */
const STATUS = "/proc/self/status";
const ACCOUNT_BYTES = 20;
const HEAP_MEGABYTES = 8_000;

/** How long something took: by the clock, and in time of all processors together, which other work affects less. */
export interface Duration {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** What most measurements in separate processes report. */
export interface ChildMeasurement extends Duration {
  /** Peak memory of the whole process, inputs included. */
  readonly peakMegabytes: number;
}

/**
 * Runs a module of this folder in a separate process and returns what it reports, so that garbage and peak memory of
 * one measurement don't affect another.
 */
export async function measuredApart<T>(module: string, ...args: readonly (string | number)[]): Promise<T> {
  const loader = require.resolve("ts-node/register/transpile-only");
  const node = [`--max-old-space-size=${HEAP_MEGABYTES}`, "--require", loader, join(__dirname, module)];
  const { stdout } = await promisify(execFile)(process.execPath, [...node, ...args.map(String)]);
  return JSON.parse(stdout) as T;
}

/** Reports the measurement of a module to `measuredApart`. */
export function report(measurement: object): void {
  process.stdout.write(JSON.stringify(measurement));
}

/** What `work` returns, and how long it took. */
export async function timed<T>(
  work: () => T | Promise<T>,
): Promise<{ readonly result: T; readonly duration: Duration }> {
  const start = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - start) / 1_000;
  return { result, duration: { seconds, cpuSeconds: (user + system) / 1e6 } };
}

/**
 * The most memory that this process has held so far. On Linux, `maxRSS` includes what the parent process held, so this
 * reads the kernel's own figure for this program if there is one.
 */
export function peakMegabytes(): number {
  const status = existsSync(STATUS) ? readFileSync(STATUS, "utf8") : "";
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  return Number(kilobytes) / 1024;
}

/** Accounts that look like any others, but are the same in every run, by their numbers, from 0 to `count` - 1. */
export function manyAccounts(count: number): (i: number) => Address {
  const key = Buffer.alloc(16);
  const bytes = createCipheriv("aes-128-ctr", key, key).update(Buffer.alloc(count * ACCOUNT_BYTES));
  return (i) => `0x${bytes.toString("hex", i * ACCOUNT_BYTES, (i + 1) * ACCOUNT_BYTES)}`;
}

/** Something measured at one size. */
export interface SizedSeconds {
  readonly size: number;
  readonly cpuSeconds: number;
}

/** The exponent p for which time grew like size^p from the smaller size to the larger one: 1 is linear. */
export function growthExponent(smaller: SizedSeconds, larger: SizedSeconds): number {
  return Math.log(larger.cpuSeconds / smaller.cpuSeconds) / Math.log(larger.size / smaller.size);
}

/**
 * How time grew from each size to the next; the target is growth like n · log n. Measured in processor time, which
 * other work on the machine affects less.
 */
export function growthRows(name: string, measured: readonly SizedSeconds[]): readonly BenchRow[] {
  return measured.slice(1).map((larger, i) => {
    const smaller = measured[i]!;
    const ours = growthExponent(smaller, larger);
    const target = growthExponent(nLogN(smaller.size), nLogN(larger.size));
    return row(`${name}: growth exponent from ${smaller.size}`, "exponent", larger.size, ours, { target });
  });
}

function nLogN(size: number): SizedSeconds {
  return { size, cpuSeconds: size * Math.log(size) };
}
