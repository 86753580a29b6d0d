import { z } from "zod";

/** Bytes as standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** Bytes that are written as standard base64 with padding. */
export function base64Bytes(maxBytes: number): z.ZodType<Uint8Array> {
  const error = `must be at most ${maxBytes} bytes in standard base64`;
  return z
    .string({ error })
    .refine((text) => isBase64(text) && Buffer.byteLength(text, "base64") <= maxBytes, { error })
    .transform((text) => new Uint8Array(Buffer.from(text, "base64")));
}

/** Node skips what is not base64, so only what it would write itself was written right. */
function isBase64(text: string): boolean {
  return Buffer.from(text, "base64").toString("base64") === text;
}
