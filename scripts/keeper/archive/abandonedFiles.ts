import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** The end of the name of a file that is being written; of one that never will be where its process was killed. */
const unfinishedEnd = /\.\d+\.\d+\.unfinished$/;

/** A file that is being written is touched all the time. */
const abandonedAfterMilliseconds = 3_600_000;

/**
 * Removes what processes that were killed left unfinished in a folder, so that nothing fills the disk over the years. What
 * somebody may still be writing stays, and so does what can't be removed: it is in nobody's way.
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
