import { KECCAK_BINARY } from "./binary";

/*
 * The layout of the WebAssembly module's memory: the constants of the permutation's rounds, then the messages, each in
 * a block of its own, then their digests.
 */

/** Most messages that are hashed in one call. */
export const BATCH = 512;

/** Bytes of a lane of the permutation, of a block (absorbed at once), and of a digest. */
export const LANE_BYTES = 8;
export const BLOCK_BYTES = 136;
export const DIGEST_BYTES = 32;

/** Rounds of the permutation, each with a constant of one lane. */
export const ROUNDS = 24;

/** The bytes at which the blocks and the digests begin. */
const BLOCKS_FROM = ROUNDS * LANE_BYTES;
const DIGESTS_FROM = BLOCKS_FROM + BATCH * BLOCK_BYTES;
export const MEMORY_BYTES = DIGESTS_FROM + BATCH * DIGEST_BYTES;

/** Keccak-256, compiled. Threads can hand it to each other. */
export type KeccakModule = object;

/** The part of WebAssembly used here; TypeScript declares it for browsers only. */
declare const WebAssembly: {
  compile(binary: Uint8Array): Promise<KeccakModule>;
  instantiate(module: KeccakModule): Promise<{ readonly exports: unknown }>;
};

let compiled: Promise<KeccakModule> | undefined;

/** Compiles Keccak-256 for this machine, once. */
export function compileKeccak(): Promise<KeccakModule> {
  return (compiled ??= WebAssembly.compile(Buffer.from(KECCAK_BINARY, "base64")));
}

/** 32-bit words of a message's block. */
export const BLOCK_WORDS = BLOCK_BYTES / 4;

/** Hashes up to `BATCH` messages of one length at once, with keccak-256 as the EVM does. */
export interface KeccakBatch {
  /** Where the messages are written: message i from the word i · BLOCK_WORDS on. Its padding is there already. */
  readonly blocks: Uint32Array;
  /** The digests of the first `count` messages, one after the other, valid until the next call. */
  digests(count: number): Uint32Array;
}

/** The module's exports; see its text in scripts/lab/keccak. */
interface KeccakExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly hashBlocks: (block: number, end: number, digest: number) => void;
}

/** Prepares a batch of messages of `messageBytes` each, a multiple of 4 below `BLOCK_BYTES`. */
export async function openKeccakBatch(module: KeccakModule, messageBytes: number): Promise<KeccakBatch> {
  const instance = await WebAssembly.instantiate(module);
  const { memory, hashBlocks } = instance.exports as KeccakExports;
  pad(new Uint8Array(memory.buffer, BLOCKS_FROM, BATCH * BLOCK_BYTES), messageBytes);
  return {
    blocks: new Uint32Array(memory.buffer, BLOCKS_FROM, BATCH * BLOCK_WORDS),
    digests(count) {
      hashBlocks(BLOCKS_FROM, BLOCKS_FROM + count * BLOCK_BYTES, DIGESTS_FROM);
      return new Uint32Array(memory.buffer, DIGESTS_FROM, (count * DIGEST_BYTES) / 4);
    },
  };
}

/** Keccak pads a message with a bit at its end and one at the end of its block. */
function pad(blocks: Uint8Array, messageBytes: number): void {
  for (let block = 0; block < blocks.length; block += BLOCK_BYTES) {
    blocks[block + messageBytes] = 0x01;
    blocks[block + BLOCK_BYTES - 1]! |= 0x80;
  }
}
