import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Hex } from "viem";
import { circuitsDirectory } from "./folders";

/** The hash of the model that a folder of circuits/ has; undefined where there is none. */
export function circuitModelHash(name: string): Hex | undefined {
  const file = join(circuitsDirectory, name, "model.json");
  return existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as { readonly modelHash: Hex }).modelHash
    : undefined;
}

/** The contract that `npm run circuits:build` writes for a folder of circuits/. */
export function verifierNameOf(circuit: string): string {
  return `${circuit.charAt(0).toUpperCase()}${circuit.slice(1)}Verifier`;
}
