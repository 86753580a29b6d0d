/** An epoch that looked unusual, and that a human has looked at and wants signed: a file that a running keeper reads. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../archive/textFile";

const fileIn = (directory: string): string => join(directory, "accepted-epoch");

/** Has the keeper that keeps its data in `directory` sign this epoch, and no other that looks unusual. @returns The file. */
export async function acceptEpoch(directory: string, epoch: number): Promise<string> {
  const file = fileIn(directory);
  await writeWhole(file, [`${epoch}\n`]);
  return file;
}

/** The epoch that was accepted last; undefined where none was, or where the file can't be read: then nothing is signed. */
export function acceptedEpochIn(directory: string): number | undefined {
  try {
    const text = readFileSync(fileIn(directory), "utf8");
    return /^\d+\n$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}
