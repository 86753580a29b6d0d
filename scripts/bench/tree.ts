import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type BenchRow } from "./benchRow";
import { type TreeMeasurement } from "./treeChild";

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const PEER = "OpenZeppelin merkle-tree";

/** How far the peer is taken: at a million accounts it needs minutes and 2.3 GB. */
export interface TreeBenchOptions {
  readonly largestPeerSize: 100_000 | 1_000_000;
}

/**
 * Time and peak memory of building the reward tree, beside OpenZeppelin's library, each in a process that does nothing
 * else; then the saved form and a proof, timed apart; and how time grows from each size to the ten times larger one
 * (1 is linear). Throws if the roots differ.
 */
export async function treeRows({ largestPeerSize }: TreeBenchOptions): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  let smaller: TreeMeasurement | undefined;
  for (const size of SIZES) {
    const ours = await measured("ours", size);
    const peer = size <= largestPeerSize ? await measured("peer", size) : undefined;
    if (peer !== undefined && peer.root !== ours.root) throw new Error(`The roots of ${size} accounts differ.`);
    rows.push(...rowsOf(size, ours, peer));
    if (smaller !== undefined) rows.push(growthRow(size, ours.buildSeconds / smaller.buildSeconds));
    smaller = ours;
  }
  return rows;
}

function rowsOf(size: number, ours: TreeMeasurement, peer: TreeMeasurement | undefined): BenchRow[] {
  const isMillion = size === 1_000_000;
  const row = (name: string, unit: string, field: keyof Omit<TreeMeasurement, "root">, target: number | null) => ({
    ...{ name, unit, size, target, peer: PEER },
    ours: ours[field],
    peerValue: peer?.[field] ?? null,
  });
  return [
    row("reward tree: build", "s", "buildSeconds", isMillion ? 3 : null),
    row("reward tree: peak memory", "MB", "peakMegabytes", isMillion ? 400 : null),
    row("reward tree: proof of one account", "ms", "proofMilliseconds", 1),
    row("reward tree: saved form", "s", "saveSeconds", null),
  ];
}

function growthRow(size: number, ratio: number): BenchRow {
  const exponent = Math.log10(ratio);
  return {
    ...{ name: "reward tree: growth exponent from a tenth of the size", unit: "exponent", size, ours: exponent },
    ...{ target: null, peer: null, peerValue: null },
  };
}

async function measured(who: "ours" | "peer", size: number): Promise<TreeMeasurement> {
  const loader = require.resolve("ts-node/register/transpile-only");
  const args = ["--require", loader, join(__dirname, "treeChild.ts"), who, size.toString()];
  const { stdout } = await promisify(execFile)(process.execPath, ["--max-old-space-size=8000", ...args]);
  return JSON.parse(stdout) as TreeMeasurement;
}
