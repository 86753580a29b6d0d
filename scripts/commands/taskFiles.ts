/** Inputs and results that commands read from files, keep, and bring to anyone who needs them. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Connection } from "../chain/connection";
import { dataDirectory } from "../chain/deployment";
import { maxBlobBytes } from "../nodes/blobs/blob";
import { type BlobStore, openBlobStore } from "../nodes/blobs/store";
import { handOver } from "../nodes/clients/handOver";
import { tell } from "./progress";

/** A file can't be a task's input or result. */
export class TaskFileError extends Error {
  override readonly name = "TaskFileError";
}

/**
 * The bytes of a file.
 * @throws TaskFileError where it can't be read, or is longer than a blob may be.
 */
export function readTaskFile(path: string): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size > maxBlobBytes)
      throw new TaskFileError(`${path} has ${size} bytes, more than the ${maxBlobBytes} that a task can carry.`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof TaskFileError) throw error;
    throw new TaskFileError(`${path} can't be read: ${(error as NodeJS.ErrnoException).code ?? ""}.`);
  }
}

/** What a person gave as a text, or in a file. @throws TaskFileError; Error where it is both. */
export function contentOf(option: "input" | "result", text: string | undefined, file: string | undefined): Uint8Array {
  if (text !== undefined && file !== undefined) throw new Error(`Give --${option} or --file, not both.`);
  return file === undefined ? new TextEncoder().encode(text ?? "") : readTaskFile(file);
}

/** The blobs that this machine keeps of a deployment. */
export function blobsOf({ deployment }: Connection): Promise<BlobStore> {
  return openBlobStore(join(dataDirectory(deployment.id, process.env.MDT_DATA), "blobs"));
}

/** Whether blobs may be at private addresses: on a network of this machine. */
export function allowsPrivate({ deployment }: Connection): boolean {
  return deployment.choices.network === "local";
}

const patienceMilliseconds = 30_000;

/** Keeps an input, and brings it to the miner's node; says so where that does not take it. */
export async function bringToMiner(chain: Connection, minerId: number, input: Uint8Array): Promise<void> {
  await (await blobsOf(chain)).put(input);
  let trouble = "has not seen the task yet";
  const patience = AbortSignal.timeout(patienceMilliseconds);
  const isKept = await handOver(chain, minerId, input, allowsPrivate(chain), patience, (reason) => (trouble = reason));
  if (isKept) return;
  tell(
    `The node of miner ${minerId} ${trouble}. The input is stored here; "task run", or a node with --listen and this data directory, serves it.`,
  );
}
