import { KECCAK_BINARY } from "./binary";

/** Keccak-256, compiled. Threads can hand it to each other. */
export type KeccakModule = object;

/** What is used of WebAssembly, which TypeScript declares for browsers only. */
declare const WebAssembly: { compile(binary: Uint8Array): Promise<KeccakModule> };

let compiled: Promise<KeccakModule> | undefined;

/** Compiles Keccak-256 for this machine, once. */
export function compileKeccak(): Promise<KeccakModule> {
  return (compiled ??= WebAssembly.compile(Buffer.from(KECCAK_BINARY, "base64")));
}
