import { type BenchRow, describeRows, gasDifferences, readGasSnapshot, writeGasSnapshot } from "./rows";
import { dailyCostRows } from "./dailyCosts";
import { loadNetworkConfig } from "../../config/loadNetworkConfig";
import { gasRows } from "./gas/gasRows";
import { type OpenNetwork } from "./gas/gasNetwork";
import { programRows } from "./program";
import { proofRows } from "../circuits/measure";
import { serviceRows } from "./service";
import { blockRows } from "./throughput";
import { consensusRows, epochRows } from "./epoch";
import { treeRows } from "./tree";
import { type Duration, measuredApart } from "./measure";

/** What to measure, and where. */
interface BenchOptions {
  readonly open: OpenNetwork;
  /** How it is with a network of another age. */
  readonly rowsOfAges: () => Promise<readonly BenchRow[]>;
  /** How many tasks nodes carry. */
  readonly rowsOfThroughput: () => Promise<readonly BenchRow[]>;
  /** Called with what is measured next. */
  readonly onProgress: (what: string) => void;
  /** Takes the peers to a million accounts too, and ours to ten million. */
  readonly isFull: boolean;
  /** Only gas, and compares it with the recorded one. */
  readonly isChecking: boolean;
  /** Only gas, and records it. */
  readonly isUpdating: boolean;
}

/** Measures, and says how gas differs from what was recorded. `exitCode` is 1 where gas is checked and differs. */
export async function runBench(options: BenchOptions) {
  const gas = await gasRows(options.open, options.onProgress);
  if (options.isUpdating) writeGasSnapshot(gas);
  const differences = gasDifferences(readGasSnapshot(), gas);
  const isGasOnly = options.isChecking || options.isUpdating;
  const rows = isGasOnly
    ? gas
    : [
        ...gas,
        ...dailyCostRows(gas, loadNetworkConfig("reference")),
        ...(await measuredInTurn(options.onProgress, [
          ["time: starting the program", programRows],
          ["proofs", proofRows],
          ["keeper: an epoch of the service", () => serviceRows(options.open, [10, 100, 1_000])],
        ])),
        ...(await timeRows(options)),
        ...blockRows(gas),
        ...(await options.rowsOfThroughput()),
        ...(await options.rowsOfAges()),
      ];
  const verdict =
    differences.length === 0
      ? ["Gas is as recorded in scripts/lab/bench/gas.json."]
      : ['Gas differs from scripts/lab/bench/gas.json; record it with "npx hardhat bench --update":', ...differences];
  return {
    json: { rows },
    text: [describeRows(rows), "", ...verdict].join("\n"),
    exitCode: options.isChecking && differences.length > 0 ? 1 : 0,
  };
}

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
/** What still fits into 4 GB. */
const LARGEST = 10_000_000;

/** Time and memory of what the keeper's machine does. */
export function timeRows(
  { onProgress, isFull }: Pick<BenchOptions, "onProgress" | "isFull">,
  sizes: readonly number[] = isFull ? [...SIZES, LARGEST] : SIZES,
): Promise<readonly BenchRow[]> {
  return measuredInTurn(onProgress, [
    ["time: trees", () => treeRows(sizes, isFull ? 1_000_000 : 100_000)],
    ["time: hashing", hashingRows],
    ["time: epochs", () => epochRows(sizes)],
    ["time: consensus", consensusRows],
  ]);
}

type Rows = readonly BenchRow[];

/** Nothing is measured beside anything else. */
async function measuredInTurn(
  onProgress: BenchOptions["onProgress"],
  measurements: readonly (readonly [what: string, measure: () => Rows | Promise<Rows>])[],
): Promise<Rows> {
  const rows: BenchRow[] = [];
  for (const [what, measure] of measurements) {
    onProgress(what);
    rows.push(...(await measure()));
  }
  return rows;
}

const MESSAGES = 2_000 * 512;

/** What a hash of a reward tree takes: many messages in a call, beside a library that takes one in a call. */
async function hashingRows(): Promise<readonly BenchRow[]> {
  const [ours, peerValue] = [await microsecondsEach("ours"), await microsecondsEach("peer")];
  const peer = "hash-wasm, a call per message";
  return [{ name: "keccak-256 of 64 bytes", unit: "µs", size: MESSAGES, ours, target: null, peer, peerValue }];
}

async function microsecondsEach(who: "ours" | "peer"): Promise<number> {
  const { cpuSeconds } = await measuredApart<Duration>("hashingChild.ts", who, MESSAGES);
  return (cpuSeconds * 1e6) / MESSAGES;
}
