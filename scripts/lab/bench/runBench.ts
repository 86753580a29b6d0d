import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadNetworkConfig } from "../../config/loadNetworkConfig";
import { blockRows, dailyCostRows, gasDifferences, gasRows, readGasSnapshot, writeGasSnapshot } from "./gas/gasRows";
import { type OpenNetwork } from "./gas/gasNetwork";
import { proofRows } from "../circuits/measure";
import { serviceRows } from "./service";
import { consensusRows, epochRows } from "./epoch";
import { hashingRows, treeRows } from "./tree";
import { type BenchRow, describeRows, row } from "./measure";
import { inTemporaryFolder } from "../temporaryFolder";

/** What to measure, and where. */
interface BenchOptions {
  readonly open: OpenNetwork;
  /** Measures networks of other ages. */
  readonly rowsOfAges: () => Promise<readonly BenchRow[]>;
  /** Measures how many tasks nodes can do. */
  readonly rowsOfThroughput: () => Promise<readonly BenchRow[]>;
  /** Called with the name of the next measurement. */
  readonly onProgress: (what: string) => void;
  /** Also measures peers at a million accounts, and ours at ten million. */
  readonly isFull: boolean;
  /** Measures only gas, and compares it with the recorded gas. */
  readonly isChecking: boolean;
  /** Measures only gas, and records it. */
  readonly isUpdating: boolean;
}

/** Measures, and says how gas differs from the recorded gas. `exitCode` is 1 if gas is checked and differs. */
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
/** The largest size that still fits into 4 GB. */
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

/** Runs one measurement at a time. */
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

const project = join(__dirname, "..", "..", "..");
const RUNS = 5;

/** Reports on stderr, when a process ends, how many microseconds of processor time it took. */
const reportsTime = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => { const { user, system } = process.cpuUsage(); process.stderr.write(`${user + system}`); });',
)}`;

/** An epoch in which tasks were completed and nobody earned. */
const inputs = {
  ...{ epoch: 0, baseRewardWei: "1000", halvingIntervalEpochs: 210_000, mintableWei: "21000000", poolWei: "0" },
  ...{ tasks: { completed: 5_000, difficultySumBps: 40_000_000 }, miners: [], stakers: [] },
  validators: { activeStakeWei: "10", revealedStakeWei: "0" },
};

/** What it takes to start the program: to print its help, and to compute an epoch from a file. */
function programRows(): Promise<readonly BenchRow[]> {
  execFileSync(process.execPath, [join(project, "scripts", "build.mjs")]);
  return inTemporaryFolder((folder) => {
    const file = join(folder, "inputs.json");
    writeFileSync(file, JSON.stringify(inputs));
    return Promise.resolve([
      programRow("mdt --help, processor time", ["--help"], 0.3),
      programRow("mdt epoch preview, processor time", ["epoch", "preview", "--input", file], 0.4),
    ]);
  });
}

/** The quickest of a few runs: other work on the machine only adds time. */
function programRow(name: string, args: readonly string[], target: number): BenchRow {
  const seconds = Array.from({ length: RUNS }, () => {
    const program = ["--import", reportsTime, join(project, "dist", "mdt.mjs"), ...args];
    const { status, stderr } = spawnSync(process.execPath, program, { encoding: "utf8" });
    if (status !== 0) throw new Error(`mdt ${args.join(" ")} failed: ${stderr}`);
    return Number(stderr) / 1e6;
  });
  return row(name, "s", 1, Math.min(...seconds), { target });
}
