import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Address, type Hex } from "viem";
import { z } from "zod";
import { readJsonFile } from "../keeper/archive/readJsonFile";
import { readStrict, wholeNumber } from "../core/strictJson";
import { writeWhole } from "../keeper/archive/textFile";

const address = z.custom<Address>((text) => typeof text === "string" && /^0x[0-9a-fA-F]{40}$/.test(text), {
  error: "must be an address",
});
const bytes32 = z.custom<Hex>((text) => typeof text === "string" && /^0x[0-9a-f]{64}$/.test(text), {
  error: "must be 32 bytes in lower-case hexadecimal digits",
});
const bytes = z.custom<Hex>((text) => typeof text === "string" && /^0x([0-9a-f]{2})*$/.test(text), {
  error: "must be bytes in lower-case hexadecimal digits",
});

const schema = z.strictObject({
  epoch: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  validator: address,
  payload: bytes,
  salt: bytes32,
  commitment: bytes32,
});

/** A validator's scores between commit and reveal: everything that the reveal needs. */
export type SealedScores = Readonly<z.output<typeof schema>>;

/**
 * Saves sealed scores before they are committed to, readable by this user alone. Files are named by commitment, so that
 * nothing is ever overwritten by something else, and the chain says which file is meant.
 * @param directory The deployment's data directory.
 * @returns The file.
 */
export async function saveSealedScores(directory: string, sealed: SealedScores): Promise<string> {
  const path = fileOf(directory, sealed);
  await writeWhole(path, [`${JSON.stringify(sealed, null, 2)}\n`], 0o600);
  return path;
}

/**
 * The scores sealed under a commitment; undefined where this machine has not saved them.
 * @throws UnreadableFileError or RefusedInputError where the file was damaged.
 */
export function readSealedScores(
  directory: string,
  committed: Pick<SealedScores, "epoch" | "commitment">,
): SealedScores | undefined {
  const path = fileOf(directory, committed);
  return existsSync(path) ? readStrict(schema, readJsonFile(path), path) : undefined;
}

function fileOf(directory: string, { epoch, commitment }: Pick<SealedScores, "epoch" | "commitment">): string {
  return join(directory, "scores", `epoch-${epoch}-${commitment}.json`);
}
