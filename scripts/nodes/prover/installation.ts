/** What a machine needs to prove: the prover's programs, the models, the common reference string. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Hex } from "viem";
import { z } from "zod";
import { circuitsDirectory, defaultDataDirectory } from "../../config/folders";
import { NoAnswerError, base64Bytes } from "../protocol/asker";
import { readStrict } from "../../core/strictJson";
import { readJsonFile } from "../../keeper/archive/jsonFile";

/** The programs that prove. They are installed only on machines that prove or develop. */
export interface ProverPrograms {
  /** Barretenberg: keys, proofs and verifier contracts. */
  readonly bb: string;
  /** Finds a circuit's witness: Node's program and its arguments. */
  readonly witness: readonly string[];
}

/** Why this machine can't prove, as a sentence; undefined if it can. */
export function proverComplaint(): string | undefined {
  try {
    findProver();
    return undefined;
  } catch (error) {
    return `The prover ${(error as Error).message}.`;
  }
}

/** A circuit is solved once, and is done before the optimizing compiler would be, which takes 1.5 s and 200 MB more. */
const unoptimized = "--liftoff-only";

/** Barretenberg's names for the platforms that it is built for. */
const systems: Readonly<Record<string, string>> = { linux: "linux", darwin: "macos" };
const processors: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** @throws NoAnswerError if they are not installed, with how to install them, or if they don't run on this platform. */
export function findProver(): ProverPrograms {
  const { resolve } = createRequire(join(circuitsDirectory, "witness.mjs"));
  try {
    resolve("@noir-lang/noir_js");
    const build = join(resolve("@aztec/bb.js"), "..", "..", "..", "build");
    const bb = join(build, `${processors[process.arch]}-${systems[process.platform]}`, "bb");
    if (existsSync(bb)) return { bb, witness: [process.execPath, unoptimized, join(circuitsDirectory, "witness.mjs")] };
  } catch {
    throw new NoAnswerError(`is not installed: run "npm install --prefix ${circuitsDirectory}"`);
  }
  throw new NoAnswerError(
    `does not run on ${process.platform} with ${process.arch}: use Linux or macOS on x64 or arm64`,
  );
}

/** A model whose work can be proven, as `npm run circuits:build` writes it. */
export interface ProvableModel {
  /** The file of the compiled circuit. */
  readonly circuit: string;
  /**
   * Points of the common reference string that a proof takes: a power of two, at least the number of the circuit's
   * gates.
   */
  readonly points: number;
  readonly modelHash: Hex;
  /** The weights, as the circuit reads them. */
  readonly model: Uint8Array;
}

/** Maximum size of a model in bytes. */
export const largestModel = 1 << 24;

const modelFile = z.strictObject({
  points: z.int("must be a whole number"),
  modelHash: z.templateLiteral(["0x", z.string().regex(/^[0-9a-f]{64}$/)], "must be 32 bytes in hexadecimal"),
  model: base64Bytes(largestModel),
});

/**
 * @param directory Holds circuit.json and model.json.
 * @throws UnreadableFileError, RefusedInputError.
 */
export function readProvableModel(directory: string): ProvableModel {
  const file = join(directory, "model.json");
  return { circuit: join(directory, "circuit.json"), ...readStrict(modelFile, readJsonFile(file), "") };
}

/** The common reference string that proofs are made with, in Barretenberg's files. */
export interface ReferenceString {
  readonly directory: string;
  /** Whether it is the one for development, which is made there when first needed. */
  readonly isForDevelopment: boolean;
}

/**
 * The reference string that is named; if none is, the one for development on a local network.
 * @param dataRoot Content of MDT_DATA.
 * @returns Undefined if none is named and the network would refuse a proof for development.
 */
export function referenceStringOf(
  named: string | undefined,
  network: string,
  dataRoot: string | undefined,
): ReferenceString | undefined {
  if (named !== undefined) return { directory: resolve(named), isForDevelopment: false };
  if (network !== "local") return undefined;
  return { directory: join(resolve(dataRoot ?? defaultDataDirectory), "crs"), isForDevelopment: true };
}

/** Makes a reference string for development, unless one with this many points exists. Takes 0.4 ms per point. */
export async function makeDevelopmentCrs(directory: string, points: number): Promise<void> {
  const program = join(circuitsDirectory, "crs.mjs");
  await promisify(execFile)(process.execPath, [program, "make", directory, `${points}`]);
}
