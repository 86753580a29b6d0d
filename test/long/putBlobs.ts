/** A process that stores blobs in a directory until one can't be stored, and prints the outcome. */
import { readdirSync } from "node:fs";
import { openBlobStore } from "../../scripts/nodes/blobs/store";

async function main(directory: string): Promise<void> {
  const store = await openBlobStore(directory);
  let kept = 0;
  for (;;) {
    const blob = new Uint8Array(10_000).fill(kept);
    const failure = await store.put(blob).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    if (failure === undefined && ++kept < 1_000) continue;
    const { name, message } = failure ?? new Error("The disk is never full.");
    const after = await store.get(await store.put(new Uint8Array(10_000)));
    process.stdout.write(
      JSON.stringify({ kept, name, message, files: readdirSync(directory).length, stillReads: after?.length }),
    );
    return;
  }
}

void main(process.argv[2]!);
