import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTemporaryFolder } from "../temporaryFolder";
import { type BenchRow } from "./rows";

const project = join(__dirname, "..", "..", "..");
const RUNS = 5;

/** Says on stderr, at the end of a process, how much processor time it took. */
const report = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => { const { user, system } = process.cpuUsage(); process.stderr.write(`${user + system}`); });',
)}`;

/** An epoch in which tasks were completed and nobody earned. */
const inputs = {
  ...{ epoch: 0, baseRewardWei: "1000", halvingIntervalEpochs: 210_000, mintableWei: "21000000", poolWei: "0" },
  ...{ tasks: { completed: 5_000, difficultySumBps: 40_000_000 }, miners: [], stakers: [] },
  validators: { activeStakeWei: "10", revealedStakeWei: "0" },
};

/** What it takes to start the program: to print its help, and to compute an epoch from a file. */
export function programRows(): Promise<readonly BenchRow[]> {
  execFileSync(process.execPath, [join(project, "scripts", "build.mjs")]);
  return inTemporaryFolder((folder) => {
    const file = join(folder, "inputs.json");
    writeFileSync(file, JSON.stringify(inputs));
    return Promise.resolve([
      rowOf("mdt --help, processor time", ["--help"], 0.3),
      rowOf("mdt epoch preview, processor time", ["epoch", "preview", "--input", file], 0.4),
    ]);
  });
}

/** The quickest of a few runs: what else the machine does only adds to one. */
function rowOf(name: string, args: readonly string[], target: number): BenchRow {
  const seconds = Array.from({ length: RUNS }, () => {
    const program = ["--import", report, join(project, "dist", "mdt.mjs"), ...args];
    const { status, stderr } = spawnSync(process.execPath, program, { encoding: "utf8" });
    if (status !== 0) throw new Error(`mdt ${args.join(" ")} failed: ${stderr}`);
    return Number(stderr) / 1e6;
  });
  return { name, unit: "s", size: 1, ours: Math.min(...seconds), target, peer: null, peerValue: null };
}
