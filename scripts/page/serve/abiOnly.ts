import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Plugin } from "esbuild";

/** typechain's generated factories. */
const factoryFiles = /typechain-types[\\/]factories[\\/].+__factory\.ts$/;

/** A generated factory that does not hold an ABI where it always was: the generator has changed. */
export class UnknownFactoryError extends Error {
  override readonly name = "UnknownFactoryError";
}

/**
 * Loads only the ABI of typechain's factories: a browser needs neither ethers nor the contracts' bytecode, and the ABIs
 * still come from `typechain-types`, as everywhere else.
 */
export const abiOnly: Plugin = {
  name: "abi-only",
  setup(build) {
    build.onLoad({ filter: factoryFiles }, async ({ path }) => ({
      contents: abiModule(await readFile(path, "utf8"), basename(path, ".ts")),
      loader: "ts",
    }));
  },
};

/**
 * What is left of a generated factory: an object with its `abi`, without the names that Solidity has for types, which
 * nobody reads at run time.
 * @throws UnknownFactoryError where the source declares no `_abi`.
 */
export function abiModule(source: string, factoryName: string): string {
  const declaration = /^const _abi = (\[[\s\S]*?\n?\]) as const;$/m.exec(source);
  if (declaration === null) {
    throw new UnknownFactoryError(`${factoryName} declares no "const _abi = […] as const": typechain has changed.`);
  }
  const abi = declaration[1]!.replaceAll(/\binternalType:\s*"[^"]*",/g, "");
  return `export const ${factoryName} = { abi: ${abi} };`;
}
