import { createKeccak } from "hash-wasm";
import { type Hex } from "viem";

/** Hashes any bytes to 32 bytes with keccak-256, as the EVM does. */
export type Keccak256 = (input: Uint8Array) => Uint8Array;

/**
 * A keccak-256 in WebAssembly, about eight times as fast as the usual JavaScript on inputs of 32 to 128 bytes. Compiling
 * it takes a moment, which is why it is loaded once and handed to those who hash.
 */
export async function loadKeccak256(): Promise<Keccak256> {
  const hasher = await createKeccak(256);
  return (input) => hasher.init().update(input).digest("binary");
}

/** Crossing into WebAssembly takes a moment, so short pieces cross together. */
const CHUNK_CHARACTERS = 1 << 16;

/** keccak256 of the UTF-8 bytes of a text that comes in pieces, of any length; none may end within a character. */
export async function keccak256OfText(pieces: Iterable<string>): Promise<Hex> {
  const hasher = await createKeccak(256);
  hasher.init();
  let waiting = "";
  for (const piece of pieces) {
    waiting += piece;
    if (waiting.length < CHUNK_CHARACTERS) continue;
    hasher.update(waiting);
    waiting = "";
  }
  return `0x${hasher.update(waiting).digest("hex")}`;
}
