/** Files of any length, read and written with bounded memory. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

const CHUNK_BYTES = 1 << 20;

/** Number of files that this process began to write: it keeps two writes to one path at the same time apart. */
let written = 0;

/**
 * Writes a text or bytes, piece by piece, to a file beside `path` and then renames it: anyone who reads `path` finds
 * the old text or the new one, complete, whatever happens in between.
 * @param mode Who may read and write it: 0o600 for private files.
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

/** The text of a file from a byte on, in pieces that are read on demand. */
export function* readPieces(path: string, from = 0): Generator<string> {
  const decoder = new TextDecoder();
  for (const chunk of chunksOf(path, from)) yield decoder.decode(chunk, { stream: true });
}

/** A part of a plain ASCII file; shorter if the file ends before. */
export function readPart(path: string, from: number, length: number): string {
  const file = openSync(path, "r");
  try {
    const part = Buffer.alloc(length);
    return part.toString("latin1", 0, readSync(file, part, 0, length, from));
  } finally {
    closeSync(file);
  }
}

/** Byte offset of a text's first occurrence in a file; undefined if there is none. */
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
    // A pipe has no positions: it is read from where it is.
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

/** How the name of an unfinished file ends: one that is being written, or one whose process was killed. */
const unfinishedEnd = /\.\d+\.\d+\.unfinished$/;

/** A file that is still being written changes more often than this. */
const abandonedAfterMilliseconds = 3_600_000;

/**
 * Removes the unfinished files that killed processes left in a folder, so that they don't fill the disk over the years.
 * Keeps files that someone may still be writing, and those that can't be removed, which do no harm.
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
