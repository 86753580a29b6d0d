/** What proofs take as models grow: `npm run circuits:measure`. */
import { cpSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { circuitsDirectory, defaultDataDirectory } from "../../config/folders";
import { digitIn, type Layer, type Perceptron } from "../../nodes/digits/model";
import { makeDevelopmentCrs, findProver, proverComplaint, readProvableModel } from "../../nodes/prover/installation";
import { circuitInputs, provingTarget } from "../../nodes/prover/prover";
import { renderTable } from "../../show/table";
import { compiledCircuit, gatesOf, modelHashOf, pointsFor, modelBytes, runMain } from "./build";
import { spawnSync } from "node:child_process";
import { digitImages } from "../../nodes/digits/samples";
import { type BenchRow, row } from "../bench/measure";
import { inTemporaryFolder } from "../temporaryFolder";

/** How many inputs and hidden neurons; there are ten outputs. */
type Size = readonly [inputs: number, hidden: number];

/** The digits model, one that sees 14 × 14 grey values, and one that sees all of MNIST's. */
const sizes: readonly Size[] = [
  [49, 16],
  [196, 32],
  [784, 32],
];

/** What a proof of a model of one size takes. */
interface SizeCosts extends ProofCosts {
  readonly size: Size;
  readonly weights: number;
  readonly gates: number;
  readonly circuitBytes: number;
}

/** Proves one input of a model of that size with generated weights. */
function measureSize([inputs, hidden]: Size, crsDirectory: string): Promise<SizeCosts> {
  return inTemporaryFolder(async (directory) => {
    cpSync(join(circuitsDirectory, "digits"), directory, { recursive: true });
    const source = join(directory, "src", "main.nr");
    const resized = readFileSync(source, "utf8")
      .replace("INPUTS: u32 = 49", `INPUTS: u32 = ${inputs}`)
      .replace("HIDDEN: u32 = 16", `HIDDEN: u32 = ${hidden}`);
    writeFileSync(source, resized);
    const circuit = join(directory, "circuit.json");
    writeFileSync(circuit, await compiledCircuit(directory));
    const gates = await gatesOf(circuit);
    const points = pointsFor(gates);
    await makeDevelopmentCrs(crsDirectory, points);
    const drawn: Perceptron = { hidden: layer(inputs, hidden), output: layer(hidden, 10) };
    const model = modelBytes([drawn.hidden, drawn.output]);
    const image = Uint8Array.from({ length: inputs }, (_, i) => (i * 89) % 256);
    const claim = { input: image, result: Uint8Array.of(digitIn(image, drawn)), binding: "0x01" } as const;
    const values = circuitInputs({ circuit, points, modelHash: await modelHashOf(model), model }, claim);
    const costs = measuredProof({ circuit, inputs: values, crsDirectory, directory });
    const weights = inputs * hidden + hidden * 10;
    return { size: [inputs, hidden], weights, gates, circuitBytes: statSync(circuit).size, ...costs };
  });
}

/** A layer whose weights and biases cover their whole range. */
function layer(inputs: number, neurons: number): Layer {
  return {
    weights: Array.from({ length: neurons }, (_, j) =>
      Array.from({ length: inputs }, (_, i) => ((i * 7919 + j * 104_729) % 256) - 128),
    ),
    biases: Array.from({ length: neurons }, (_, j) => ((j * 7_919_777) % 4_000_000) - 2_000_000),
  };
}

async function main(): Promise<void> {
  const complaint = proverComplaint();
  if (complaint !== undefined) throw new Error(complaint);
  const measured: SizeCosts[] = [];
  for (const size of sizes) measured.push(await measureSize(size, join(defaultDataDirectory, "crs")));
  const heads = [">model", ">weights", ">gates", ">circuit, MB", ">witness, s, MB", ">proof, s, MB"];
  const rows = measured.map(({ size, weights, gates, circuitBytes, witness, proof }) => [
    `${size[0]}-${size[1]}-10`,
    weights.toLocaleString("en"),
    gates.toLocaleString("en"),
    (circuitBytes / 1e6).toFixed(2),
    `${witness.cpuSeconds.toFixed(2)}, ${witness.megabytes.toFixed(0)}`,
    `${proof.cpuSeconds.toFixed(2)}, ${proof.megabytes.toFixed(0)}`,
  ]);
  process.stdout.write(`${renderTable(heads, rows)}\n`);
}

/** What one process took: time of all processors together, and peak memory. */
interface ProcessCosts {
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

/** What the two processes of a proof take. */
interface ProofCosts {
  readonly witness: ProcessCosts;
  readonly proof: ProcessCosts;
}

/** A circuit's file, its inputs by name, and where the files go. */
interface ProofToMeasure {
  readonly circuit: string;
  readonly inputs: object;
  readonly crsDirectory: string;
  readonly directory: string;
}

/** Makes a proof with the same two processes as the prover. */
function measuredProof({ circuit, inputs, crsDirectory, directory }: ProofToMeasure): ProofCosts {
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

/** Reports memory when a process ends, in the form in which Barretenberg does after each step. */
const reportsMemory = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => process.stderr.write(`(mem: ${process.resourceUsage().maxRSS / 1024} MiB)`));',
)}`;

/** The shell reports its children's user and system time, in minutes and seconds. */
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

/**
 * What the proof of a digit takes: processor time of both processes together, and the memory of the larger one. No rows
 * if there is no prover.
 */
export async function proofRows(): Promise<readonly BenchRow[]> {
  const complaint = proverComplaint();
  if (complaint !== undefined) {
    process.stderr.write(`Proofs aren't measured. ${complaint}\n`);
    return [];
  }
  return inTemporaryFolder(async (directory) => {
    const model = readProvableModel(join(circuitsDirectory, "digits"));
    await makeDevelopmentCrs(directory, model.points);
    const { image } = digitImages[0]!;
    const inputs = circuitInputs(model, { input: image, result: Uint8Array.of(digitIn(image)), binding: "0x01" });
    const costs = measuredProof({ circuit: model.circuit, inputs, crsDirectory: directory, directory });
    const { witness, proof } = costs;
    const cpuSeconds = witness.cpuSeconds + proof.cpuSeconds;
    const megabytes = Math.max(witness.megabytes, proof.megabytes);
    return [
      row("proof of a digit: processor time", "s", 1, cpuSeconds, { target: 2 }),
      row("proof of a digit: peak memory", "MB", 1, megabytes, { target: 200 }),
    ];
  });
}

if (require.main === module) runMain(main);
