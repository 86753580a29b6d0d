import { createKeccak } from "hash-wasm";
import { type Hex } from "viem";

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
