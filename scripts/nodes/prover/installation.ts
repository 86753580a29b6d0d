import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { circuitsDirectory } from "../../config/folders";
import { NoAnswerError } from "../protocol/asker";

/** The programs that prove. They are installed where somebody proves or develops, and nowhere else. */
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

/** A circuit is solved once, which is over before the optimizing compiler would be: that takes 1.5 s and 200 MB more. */
const unoptimized = "--liftoff-only";

/** How Barretenberg names what it was built for. */
const systems: Readonly<Record<string, string>> = { linux: "linux", darwin: "macos" };
const processors: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** @throws NoAnswerError where they are not installed; it says how to install them. */
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
