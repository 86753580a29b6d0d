import { join } from "node:path";
import { type Hex } from "viem";
import { z } from "zod";
import { readStrict } from "../../core/strictJson";
import { readJsonFile } from "../../keeper/archive/readJsonFile";
import { base64Bytes } from "../protocol/base64";

/** A model whose work can be proven, as `npm run circuits:build` writes it. */
export interface ProvableModel {
  /** The file of the compiled circuit. */
  readonly circuit: string;
  /** How many points of a common reference string a proof takes: a power of two, and at least the circuit's gates. */
  readonly points: number;
  readonly modelHash: Hex;
  /** The weights, as the circuit reads them. */
  readonly model: Uint8Array;
}

/** How many bytes a model has at most. */
export const largestModel = 1 << 24;

const modelFile = z.strictObject({
  points: z.int("must be a whole number"),
  modelHash: z.templateLiteral(["0x", z.string().regex(/^[0-9a-f]{64}$/)], "must be 32 bytes in hexadecimal"),
  model: base64Bytes(largestModel),
});

/**
 * @param directory Holds circuit.json and model.json.
 * @throws UnreadableFileError, RefusedInputError.
 */
export function readProvableModel(directory: string): ProvableModel {
  const file = join(directory, "model.json");
  return { circuit: join(directory, "circuit.json"), ...readStrict(modelFile, readJsonFile(file), "") };
}
