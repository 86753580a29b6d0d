import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findProver } from "../../nodes/prover/installation";
import { provingTarget } from "../../nodes/prover/prover";

/** What one process took: on all processors together, and of memory at its peak. */
export interface ProcessCosts {
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

/** What the two processes of a proof take. */
export interface ProofCosts {
  readonly witness: ProcessCosts;
  readonly proof: ProcessCosts;
}

/** A circuit's file, its inputs by name, and where the files go. */
export interface ProofToMeasure {
  readonly circuit: string;
  readonly inputs: object;
  readonly crsDirectory: string;
  readonly directory: string;
}

/** Makes a proof by the same two processes as the prover. */
export function measuredProof({ circuit, inputs, crsDirectory, directory }: ProofToMeasure): ProofCosts {
  const {
    bb,
    witness: [node, ...witnessProgram],
  } = findProver();
  const witness = join(directory, "witness.gz");
  const files = ["--bytecode_path", circuit, "--witness_path", witness, "--output_path", directory];
  return {
    witness: measured(
      [node!, "--import", reportsMemory, ...witnessProgram],
      JSON.stringify({ circuit, inputs, witness }),
    ),
    proof: measured([bb, "prove", ...files, "--write_vk", ...provingTarget], "", { CRS_PATH: crsDirectory }),
  };
}

/** Says at the end of a process what Barretenberg says after each of its steps. */
const reportsMemory = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => process.stderr.write(`(mem: ${process.resourceUsage().maxRSS / 1024} MiB)`));',
)}`;

/** The shell tells what its children took, user's and system's, in minutes and seconds. */
const timed = '"$@"; code=$?; times; exit $code';

function measured(command: readonly string[], input: string, env: Readonly<Record<string, string>> = {}): ProcessCosts {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", timed, "sh", ...command], {
    input,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  const children = stdout.trimEnd().split("\n").at(-1)!;
  const times = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  const peaks = [...stderr.matchAll(/\(mem: ([\d.]+) MiB\)/g)].map(([, megabytes]) => Number(megabytes));
  return { cpuSeconds: times.reduce((sum, seconds) => sum + seconds, 0), megabytes: Math.max(...peaks) };
}
