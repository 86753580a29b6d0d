import openWabt from "wabt";
import { MEMORY_BYTES } from "./layout";
import { keccakModuleText } from "./moduleText";

/** Keccak-256, compiled. Threads can hand it to each other. */
export type KeccakModule = object;

/** What is used of WebAssembly, which TypeScript declares for browsers only. */
declare const WebAssembly: { compile(binary: Uint8Array): Promise<KeccakModule> };

let compiled: Promise<KeccakModule> | undefined;

/** Compiles Keccak-256 from its text, once. */
export function compileKeccak(): Promise<KeccakModule> {
  return (compiled ??= compile());
}

async function compile(): Promise<KeccakModule> {
  const wabt = await openWabt();
  const module = wabt.parseWat("keccak.wat", keccakModuleText(MEMORY_BYTES));
  try {
    return await WebAssembly.compile(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}
