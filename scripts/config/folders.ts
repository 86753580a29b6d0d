import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Hex } from "viem";

/**
 * The folder of the project: the nearest one above this code that holds scripts/config. The sources are in scripts/;
 * the built program is in dist/ or, in a bundle, beside scripts/.
 */
function projectFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "scripts", "config")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** One validated JSON file per network. */
export const configDirectory = join(projectFolder(), "scripts", "config");

/** Where Hardhat Ignition keeps one record per deployment. */
export const deploymentsDirectory = join(projectFolder(), "scripts", "ignition", "deployments");

/** One folder per circuit, and the package of the prover. */
export const circuitsDirectory = join(projectFolder(), "circuits");

/** Where this machine keeps what it can compute again, unless MDT_DATA names another place. */
export const defaultDataDirectory = join(projectFolder(), "data");

/** The hash of the model in a folder of circuits/; undefined if it has none. */
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
