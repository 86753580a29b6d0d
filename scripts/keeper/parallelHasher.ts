import { once } from "node:events";
import { extname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { hashChunks, type SharedStep } from "./hashChunks";
import { type Hasher, openHashRange, openLocalHasher } from "./core/rewardTree/hashing";

/** Hashing leaves much short-lived garbage; a thread that collects it in small portions takes less memory, not more time. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

/** Below this many rewards a second thread takes longer to start than it saves. */
const WORTH_A_THREAD = 30_000;

/**
 * Hashes on two threads, this one and a worker: chunk after chunk goes to whoever is free, so a worker that is still
 * starting holds nobody up. Few rewards are hashed on this thread alone.
 */
export async function openParallelHasher(expectedCount: number): Promise<Hasher> {
  if (expectedCount < WORTH_A_THREAD) return openLocalHasher();
  const worker = startWorker();
  const hashRange = await openHashRange();
  return {
    begin(step, from, to) {
      const cursor = new Int32Array(new SharedArrayBuffer(4)).fill(from);
      const shared: SharedStep = { step, cursor, to };
      const workerDone = once(worker, "message");
      worker.postMessage(shared);
      return async () => {
        hashChunks(hashRange, shared);
        await workerDone;
      };
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** From TypeScript sources a thread needs the compiler first, without its type checks. */
function startWorker(): Worker {
  const extension = extname(__filename);
  const execArgv = extension === ".ts" ? ["--require", "ts-node/register/transpile-only"] : [];
  return new Worker(join(__dirname, `hashWorker${extension}`), { execArgv, resourceLimits });
}
