/** The folders that proofs are made in: each is gone with its proof, or removed by the next process that proves. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Its name says which process made it. */
const named = /^moderntensor-proof-(\d+)-/;

let cleared: Promise<void> | undefined;

/** Works in a folder of its own. */
export async function inTemporaryFolder<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const parent = tmpdir();
  await (cleared ??= removeAbandoned(parent));
  const directory = await mkdtemp(join(parent, `moderntensor-proof-${process.pid}-`));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Removes what processes that were killed left behind. This one has made none yet: what bears its number was left by another one. */
async function removeAbandoned(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const abandoned = names.filter((name) => {
    const pid = Number(named.exec(name)?.[1] ?? NaN);
    return pid === process.pid || (!Number.isNaN(pid) && !isAlive(pid));
  });
  const options = { recursive: true, force: true };
  await Promise.all(abandoned.map((name) => rm(join(parent, name), options).catch(() => undefined)));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process can't be signalled.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
