import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Hex, hexToBytes } from "viem";
import { wordsOf } from "../../core/proofStatement";
import { findProver } from "../../nodes/prover/installation";
import { provingTarget } from "../../nodes/prover/prover";

const execute = promisify(execFile);

/**
 * A circuit's text for the prover, without what tells of the machine that compiled it: the same sources give the same bytes.
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

/** How many points of a common reference string a proof of so many gates takes. */
export function pointsFor(gates: number): number {
  return 2 ** Math.ceil(Math.log2(gates));
}

/** What a type's `modelHash` is: Poseidon2 of the model's words, as the circuits compute it. */
export async function modelHashOf(model: Uint8Array): Promise<Hex> {
  const { BarretenbergSync } = await import("@aztec/bb.js");
  const api = await BarretenbergSync.initSingleton();
  const { hash } = api.poseidon2Hash({ inputs: wordsOf(model).map((word) => hexToBytes(word)) });
  return `0x${Buffer.from(hash).toString("hex")}`;
}
