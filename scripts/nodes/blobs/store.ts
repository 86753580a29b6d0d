/** Blobs, and where this machine keeps them. */
import { mkdir, open, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { type Hex } from "viem";
import { keccak } from "hash-wasm";
import { removeAbandoned, writeWhole } from "../../keeper/archive/textFile";

/** Blobs on this machine's disk. */
export interface BlobStore {
  /**
   * The blob with a hash; undefined if it isn't here. A damaged one counts as missing: its file is removed.
   * @throws BlobStoreError if the disk can't be read.
   */
  get(hash: Hex): Promise<Uint8Array | undefined>;
  /**
   * Keeps a blob; one that is here already counts as just put.
   * @returns Its hash.
   * @throws BlobStoreError if the blob is too long or can't be written; then nothing is left of it.
   */
  put(bytes: Uint8Array): Promise<Hex>;
  /**
   * Removes the blobs that were last put before a moment, and files that killed processes left half written.
   * @param beforeSeconds Unix seconds.
   * @returns How many blobs were removed.
   */
  prune(beforeSeconds: number): Promise<number>;
}

/** A blob can't be kept or read. */
export class BlobStoreError extends Error {
  override readonly name = "BlobStoreError";
}

/**
 * A directory with one file per blob, named by its hash. Files appear whole or not at all, and every read checks the
 * hash, so several processes may use one directory. It has no size limit: the caller decides what may be put.
 * @throws BlobStoreError if the directory can't be made.
 */
export async function openBlobStore(directory: string): Promise<BlobStore> {
  const failed = (doing: string) => (error: NodeJS.ErrnoException) => {
    throw new BlobStoreError(`${doing} in ${directory} failed: ${error.code ?? error.message}.`);
  };
  await mkdir(directory, { recursive: true }).catch(failed("Creating the folder for blobs"));
  const pathOf = (hash: Hex): string => join(directory, hash);

  async function get(name: Hex): Promise<Uint8Array | undefined> {
    const hash = blobHashIn(name);
    if (hash === undefined) return undefined;
    const bytes = await readBlob(pathOf(hash)).catch(failed(`Reading blob ${hash}`));
    if (bytes === undefined || (bytes !== "tooLong" && (await hashOfBlob(bytes)) === hash)) return bytes;
    await rm(pathOf(hash), { force: true }).catch(failed(`Removing the damaged blob ${hash}`));
    return undefined;
  }

  return {
    get,

    async put(bytes) {
      if (bytes.length > maxBlobBytes) throw new BlobStoreError(`A blob can have at most ${maxBlobBytes} bytes.`);
      const hash = await hashOfBlob(bytes);
      const isHere = (await get(hash)) !== undefined && (await touch(pathOf(hash)));
      if (!isHere) await writeWhole(pathOf(hash), [bytes]).catch(failed(`Writing blob ${hash}`));
      return hash;
    },

    async prune(beforeSeconds) {
      await removeAbandoned(directory, Date.now());
      let pruned = 0;
      for (const name of await readdir(directory).catch(failed("Looking for old blobs"))) {
        if (blobHashIn(name) !== name) continue;
        const path = join(directory, name);
        // Another process may be pruning, too.
        const putAt = await stat(path).then(
          ({ mtimeMs }) => mtimeMs / 1_000,
          () => Infinity,
        );
        if (putAt >= beforeSeconds) continue;
        await rm(path, { force: true }).catch(failed(`Removing blob ${name}`));
        pruned++;
      }
      return pruned;
    },
  };
}

/** The content of a file; undefined if there is none. A file that is too long for a blob is not read at all. */
async function readBlob(path: string): Promise<Uint8Array | "tooLong" | undefined> {
  const file = await open(path, "r").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    return (await file.stat()).size > maxBlobBytes ? "tooLong" : await file.readFile();
  } finally {
    await file.close();
  }
}

/** Sets the file's time to now. @returns Whether that succeeded: the file may be gone. */
async function touch(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}

/** Maximum size of a blob in bytes. */
export const maxBlobBytes = 1 << 20;

/** A blob's only name: keccak256 of its bytes. Twelve times as fast as viem's. */
export async function hashOfBlob(bytes: Uint8Array): Promise<Hex> {
  return `0x${await keccak(bytes, 256)}`;
}

/** Where a node serves a blob, below its endpoint. */
export function blobPath(hash: Hex): string {
  return `/v1/blobs/${hash}`;
}

/** The text as a hash in lower case; undefined if it is not a hash. */
export function blobHashIn(text: string): Hex | undefined {
  return /^0x[0-9a-fA-F]{64}$/.test(text) ? (text.toLowerCase() as Hex) : undefined;
}
