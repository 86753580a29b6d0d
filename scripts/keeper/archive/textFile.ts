/** Files of any length, read and written with bounded memory. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

const CHUNK_BYTES = 1 << 20;

/** Files that this process began to write: two that are written to one path at the same time don't touch each other. */
let written = 0;

/**
 * Writes a text or bytes, piece by piece, to a file beside `path` and then renames it: anyone who reads `path` finds
 * the old text or the new one, whole, whatever happens in between.
 * @param mode Who may read and write it: 0o600 for what is nobody else's business.
 */
export async function writeWhole(path: string, pieces: Iterable<string | Uint8Array>, mode = 0o666): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.${++written}.unfinished`;
  try {
    const file = await open(unfinished, "w", mode);
    try {
      for (const piece of pieces) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

export function fileBytes(path: string): number {
  return statSync(path).size;
}

/** The text of a file from a byte on, in pieces that are read as they are asked for. */
export function* readPieces(path: string, from = 0): Generator<string> {
  const decoder = new TextDecoder();
  for (const chunk of chunksOf(path, from)) yield decoder.decode(chunk, { stream: true });
}

/** A part of a file of plain ASCII; shorter where the file ends. */
export function readPart(path: string, from: number, length: number): string {
  const file = openSync(path, "r");
  try {
    const part = Buffer.alloc(length);
    return part.toString("latin1", 0, readSync(file, part, 0, length, from));
  } finally {
    closeSync(file);
  }
}

/** The byte at which a text first stands in a file; undefined if it does not. */
export function findText(path: string, text: string): number | undefined {
  let overlap = Buffer.alloc(0);
  let end = 0;
  for (const chunk of chunksOf(path, 0)) {
    const bytes = Buffer.concat([overlap, chunk]);
    end += chunk.length;
    const found = bytes.indexOf(text, 0, "latin1");
    if (found !== -1) return end - bytes.length + found;
    overlap = Buffer.from(bytes.subarray(Math.max(bytes.length - text.length + 1, 0)));
  }
  return undefined;
}

function* chunksOf(path: string, from: number): Generator<Buffer> {
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    // A pipe is read on from where it is, and has no positions.
    for (
      let position = from === 0 ? null : from, length = 0;
      ;
      position = position === null ? null : position + length
    ) {
      length = readSync(file, chunk, 0, CHUNK_BYTES, position);
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

/** The end of the name of a file that is being written; of one that never will be where its process was killed. */
const unfinishedEnd = /\.\d+\.\d+\.unfinished$/;

/** A file that is being written is touched all the time. */
const abandonedAfterMilliseconds = 3_600_000;

/**
 * Removes what processes that were killed left unfinished in a folder, so that nothing fills the disk over the years. What
 * someone may still be writing stays, and so does what can't be removed: it is in nobody's way.
 * @param now Milliseconds since 1970.
 */
export async function removeAbandoned(folder: string, now: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => unfinishedEnd.test(one))) {
    const path = join(folder, name);
    const touchedAt = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => now,
    );
    if (now - touchedAt >= abandonedAfterMilliseconds) await rm(path, { force: true }).catch(() => undefined);
  }
}
