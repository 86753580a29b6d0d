/**
 * Compiles a circuit of circuits/, and writes its model and its verifier. Run `npm run circuits:build` after a change
 * of its source or its weights. `npm run circuits:build -- NAME --crs DIRECTORY` takes a circuit other than `digits`,
 * and a common reference string other than the one for development.
 */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { type Hex, hexToBytes } from "viem";
import { z } from "zod";
import { verifierNameOf, circuitsDirectory, defaultDataDirectory } from "../../config/folders";
import { circuitName } from "../../config/networkConfig";
import { wordsOf } from "../../core/proofStatement";
import { readStrict } from "../../core/strictJson";
import { readJsonFile } from "../../keeper/archive/jsonFile";
import { type Layer } from "../../nodes/digits/model";
import weights from "../../nodes/digits/weights.json";
import { base64Bytes } from "../../nodes/protocol/asker";
import { findProver, largestModel, makeDevelopmentCrs, proverComplaint } from "../../nodes/prover/installation";
import { provingTarget } from "../../nodes/prover/prover";
import { inTemporaryFolder } from "../temporaryFolder";

const execute = promisify(execFile);

const contracts = join(__dirname, "../../../contracts/verifiers");

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { crs: { type: "string" } }, allowPositionals: true });
  const name = positionals[0] ?? "digits";
  const complaint = proverComplaint();
  if (complaint !== undefined) throw new Error(complaint);
  if (!circuitName.test(name))
    throw new Error(`${name} can't be a contract's name: start with a lower-case letter, then use letters and digits.`);
  const model = modelOf(name);
  const directory = join(circuitsDirectory, name);
  const circuit = join(directory, "circuit.json");
  writeFileSync(circuit, await compiledCircuit(directory));
  const gates = await gatesOf(circuit);
  const points = pointsFor(gates);
  const modelHash = await modelHashOf(model);
  const described = { points, modelHash, model: Buffer.from(model).toString("base64") };
  writeFileSync(join(directory, "model.json"), `${JSON.stringify(described, null, 2)}\n`);
  const crsDirectory = values.crs ?? join(defaultDataDirectory, "crs");
  const isDevelopment = values.crs === undefined;
  if (isDevelopment) await makeDevelopmentCrs(crsDirectory, points);
  const contractName = verifierNameOf(name);
  const source = await verifierSource({ contractName, circuit, crsDirectory, isDevelopment });
  writeFileSync(join(contracts, `${contractName}.sol`), source);
  process.stdout.write(`${name}: ${gates} gates, ${points} points, model ${modelHash}\n`);
}

/** The digits model's weights; for another model, the base64 in its model.json, to which `main` adds the rest. */
function modelOf(name: string): Uint8Array {
  if (name === "digits") return modelBytes([weights.hidden, weights.output]);
  const file = readJsonFile(join(circuitsDirectory, name, "model.json"));
  return readStrict(z.looseObject({ model: base64Bytes(largestModel) }), file, "").model;
}

/**
 * A circuit's text for the prover, without anything that depends on the compiling machine: the same sources give the
 * same bytes.
 * @param directory Holds Nargo.toml and src/main.nr.
 */
export async function compiledCircuit(directory: string): Promise<string> {
  const { compile, createFileManager } = await import("@noir-lang/noir_wasm");
  const silent = (): void => undefined;
  const { program } = await compile(createFileManager(directory), directory, silent, silent);
  const { noir_version, hash, abi, bytecode } = program;
  return `${JSON.stringify({ noir_version, hash, abi, bytecode })}\n`;
}

/** How many gates a compiled circuit has. */
export async function gatesOf(circuit: string): Promise<number> {
  const { stdout } = await execute(findProver().bb, ["gates", "--bytecode_path", circuit, ...provingTarget]);
  const { functions } = JSON.parse(stdout) as { readonly functions: readonly { readonly circuit_size: number }[] };
  return functions[0]!.circuit_size;
}

/** How many points of a common reference string a proof of this many gates takes. */
export function pointsFor(gates: number): number {
  return 2 ** Math.ceil(Math.log2(gates));
}

/** A type's `modelHash`: Poseidon2 of the model's words, as the circuits compute it. */
export async function modelHashOf(model: Uint8Array): Promise<Hex> {
  const { BarretenbergSync } = await import("@aztec/bb.js");
  const api = await BarretenbergSync.initSingleton();
  const { hash } = api.poseidon2Hash({ inputs: wordsOf(model).map((word) => hexToBytes(word)) });
  return `0x${Buffer.from(hash).toString("hex")}`;
}

/**
 * Weights as circuits/digits reads them, layer by layer: one byte per weight, row by row, with 128 added; then four
 * bytes per bias, big-endian, with 2^31 added.
 */
export function modelBytes(layers: readonly Layer[]): Uint8Array {
  return Buffer.concat(
    layers.flatMap(({ weights, biases }) => [
      Uint8Array.from(weights.flat(), (weight) => weight + 128),
      ...biases.map((bias) => {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(bias + 2 ** 31);
        return bytes;
      }),
    ]),
  );
}

/**
 * The point of the second group that Barretenberg writes into verifiers: that of Aztec's ceremony, as the precompile
 * reads it.
 */
const ceremony = [
  "260e01b251f6f1c7e7ff4e580791dee8ea51d87a358e038b4efe30fac09383c1",
  "0118c4d5b837bcc2bc89b5b398b5974e9f5944073b32078b7e231fec938883b0",
  "04fc6369f7110fe3d25156c1bb9a72859cf2a04641f99ba4ee413c80da6a5fe4",
  "22febda3c0c0632a56475b4214e5615e11e6dd3f96e6cea2854a87d4dacc5e55",
];

const note = 'Written by "npm run circuits:build".';
const developmentNote = `${note} For development alone: everyone knows the secret with which any proof can be forged.`;

/** Barretenberg's files have the two halves of each coordinate in reverse order. */
const placesInFile = [1, 0, 3, 2];

/** What a verifier is made of. */
interface VerifierParts {
  readonly contractName: string;
  /** The file of the compiled circuit. */
  readonly circuit: string;
  /** Holds the common reference string: a verifier accepts proofs that were made with it, and no others. */
  readonly crsDirectory: string;
  /** Whether that is the one for development. */
  readonly isDevelopment: boolean;
}

/** The Solidity of the contract that accepts a circuit's proofs. */
export function verifierSource(parts: VerifierParts): Promise<string> {
  const { contractName, circuit, crsDirectory, isDevelopment } = parts;
  const env = { ...process.env, CRS_PATH: crsDirectory };
  const { bb } = findProver();
  return inTemporaryFolder(async (directory) => {
    const [key, source] = [join(directory, "vk"), join(directory, "verifier.sol")];
    await execute(bb, ["write_vk", "--bytecode_path", circuit, "--output_path", directory, ...provingTarget], { env });
    const contract = ["--vk_path", key, "--output_path", source, "--optimized", ...provingTarget];
    await execute(bb, ["write_solidity_verifier", ...contract], { env });
    const point = readFileSync(join(crsDirectory, "bn254_g2.dat"));
    return withPoint(readFileSync(source, "utf8"), point)
      .replace("contract HonkVerifier is", `// ${isDevelopment ? developmentNote : note}\ncontract ${contractName} is`)
      .trimStart();
  });
}

/** Replaces the ceremony's point in a verifier with that of another common reference string. */
function withPoint(source: string, point: Buffer): string {
  return ceremony.reduce((text, word, i) => {
    const pieces = text.split(word);
    if (pieces.length !== 2) throw new Error("Barretenberg's verifier does not have the ceremony's point once.");
    return pieces.join(point.toString("hex", 32 * placesInFile[i]!, 32 * (placesInFile[i]! + 1)));
  }, source);
}

/** Runs a program of this folder, and reports its failure in a sentence. */
export function runMain(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  });
}

if (require.main === module) runMain(main);
