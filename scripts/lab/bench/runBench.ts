import { type BenchRow, describeRows, gasDifferences, readGasSnapshot, writeGasSnapshot } from "./rows";
import { dailyCostRows } from "./dailyCosts";
import { loadNetworkConfig } from "../../config/loadNetworkConfig";
import { collectionRows } from "./positions";
import { gasRows } from "./gas/gasRows";
import { type OpenNetwork } from "./gas/gasNetwork";
import { programRows } from "./program";
import { proofRows } from "./proofs";
import { serviceRows } from "./service";
import { blockRows } from "./throughput";
import { timeRows } from "./timeRows";

/** What to measure, and where. */
export interface BenchOptions {
  readonly open: OpenNetwork;
  /** How it is with a network of another age. */
  readonly rowsOfAges: () => Promise<readonly BenchRow[]>;
  /** How many tasks nodes carry. */
  readonly rowsOfThroughput: () => Promise<readonly BenchRow[]>;
  /** Told what is measured next. */
  readonly onProgress: (what: string) => void;
  /** Takes the peers to a million accounts too, and ours to ten million. */
  readonly isFull: boolean;
  /** Only gas, and compares it with the recorded one. */
  readonly isChecking: boolean;
  /** Only gas, and records it. */
  readonly isUpdating: boolean;
}

/** What a benchmark prints. */
export interface BenchReport {
  readonly json: { readonly rows: readonly BenchRow[] };
  readonly text: string;
  /** 1 where gas is checked and differs from the recorded one. */
  readonly exitCode: number;
}

function keeperRows({ open, onProgress }: BenchOptions): Promise<readonly BenchRow[]> {
  onProgress("keeper: an epoch of the service");
  return serviceRows(open, [10, 100, 1_000]);
}

function startRows({ onProgress }: BenchOptions): readonly BenchRow[] {
  onProgress("time: starting the program");
  return programRows();
}

function proofCostRows({ onProgress }: BenchOptions): Promise<readonly BenchRow[]> {
  onProgress("proofs");
  return proofRows();
}

function positionRows({ onProgress }: BenchOptions): Promise<readonly BenchRow[]> {
  onProgress("time: positions from logs");
  return collectionRows();
}

/** Measures, and says how gas differs from what was recorded. */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const gas = await gasRows(options.open, options.onProgress);
  if (options.isUpdating) writeGasSnapshot(gas);
  const differences = gasDifferences(readGasSnapshot(), gas);
  const isGasOnly = options.isChecking || options.isUpdating;
  const rows = isGasOnly
    ? gas
    : [
        ...gas,
        ...dailyCostRows(gas, loadNetworkConfig("reference")),
        ...startRows(options),
        ...(await proofCostRows(options)),
        ...(await timeRows(options)),
        ...(await positionRows(options)),
        ...(await keeperRows(options)),
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
