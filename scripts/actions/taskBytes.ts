/** What a client asks and a miner answers: the hash binds it, and the transaction carries it where it is short. */
import { bytesToHex, type Hex, keccak256, stringToBytes } from "viem";

/** The most bytes of an input or a result that a transaction carries: the TaskRegistry's MAX_INLINE_BYTES. */
export const maxInlineBytes = 4_096;

/** A task's input as the TaskRegistry takes it: its bytes, or "0x" where there are too many, and they travel off chain. */
export function inputOf(content: string | Uint8Array): { readonly inputHash: Hex; readonly input: Hex } {
  const { hash, carried } = carriedOf(content);
  return { inputHash: hash, input: carried };
}

/** A task's result in the same way. */
export function resultOf(content: string | Uint8Array): { readonly resultHash: Hex; readonly result: Hex } {
  const { hash, carried } = carriedOf(content);
  return { resultHash: hash, result: carried };
}

function carriedOf(content: string | Uint8Array): { readonly hash: Hex; readonly carried: Hex } {
  const bytes = typeof content === "string" ? stringToBytes(content) : content;
  return { hash: keccak256(bytes), carried: bytes.length <= maxInlineBytes ? bytesToHex(bytes) : "0x" };
}
