import { type Hex, keccak256, stringToBytes, toHex } from "viem";

/** The most bytes of an input or a result that a transaction carries: the TaskRegistry's MAX_INLINE_BYTES. */
export const maxInlineBytes = 4_096;

/** A text is longer than a transaction carries. */
export class TextTooLongError extends Error {
  override readonly name = "TextTooLongError";
}

/**
 * A text as a task's input, which its transaction carries.
 * @throws TextTooLongError
 */
export function inputOf(text: string): { readonly inputHash: Hex; readonly input: Hex } {
  const { hash, bytes } = carried(text);
  return { inputHash: hash, input: bytes };
}

/**
 * A text as a task's result, which its transaction carries.
 * @throws TextTooLongError
 */
export function resultOf(text: string): { readonly resultHash: Hex; readonly result: Hex } {
  const { hash, bytes } = carried(text);
  return { resultHash: hash, result: bytes };
}

function carried(text: string): { readonly hash: Hex; readonly bytes: Hex } {
  const bytes = stringToBytes(text);
  if (bytes.length > maxInlineBytes) {
    throw new TextTooLongError(
      `The text has ${bytes.length} bytes, and a transaction carries ${maxInlineBytes} at most.`,
    );
  }
  return { hash: keccak256(bytes), bytes: toHex(bytes) };
}
