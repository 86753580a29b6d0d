/** Hashing a tree's leaves and nodes on two threads. */
import { once } from "node:events";
import { extname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { noProgress } from "../../core/progress";
import { compileKeccak, type KeccakModule, BATCH } from "../../core/keccak/keccakBatch";
import {
  type Hasher,
  openHashRange,
  openLocalHasher,
  type HashRange,
  type HashStep,
} from "../../core/rewardTree/hashing";

/** A thread's garbage while it starts: collecting it in small portions takes less memory, and no more time. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

/** Below this many rewards a second thread takes longer to start than it saves. */
const WORTH_A_THREAD = 30_000;

/**
 * Hashes on two threads, this one and a worker: each chunk goes to the thread that is free. Few rewards, and the few
 * nodes near a tree's root, are hashed on this thread alone.
 */
export async function openParallelHasher(expectedCount: number, onProgress = noProgress): Promise<Hasher> {
  const alone = await openLocalHasher();
  if (expectedCount < WORTH_A_THREAD) return alone;
  const keccak = await compileKeccak();
  const worker = startWorker(keccak);
  const hashRange = await openHashRange(keccak);
  return {
    begin(step, from, to) {
      if (to - from <= BATCH) return alone.begin(step, from, to);
      const cursor = new Int32Array(new SharedArrayBuffer(4)).fill(from);
      const shared: SharedStep = { step, cursor, to };
      const workerDone = once(worker, "message");
      worker.postMessage(shared);
      return async () => {
        hashChunks(hashRange, shared, (position) => {
          if (step.kind === "leaves") onProgress("leaves hashed", position, to);
        });
        await workerDone;
      };
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** A thread that runs TypeScript sources must load the compiler first, without its type checks. */
function startWorker(keccak: KeccakModule): Worker {
  const extension = extname(__filename);
  const execArgv = extension === ".ts" ? ["--require", "ts-node/register/transpile-only"] : [];
  return new Worker(join(__dirname, `hashWorker${extension}`), { execArgv, workerData: keccak, resourceLimits });
}

/** A step that several threads carry out together, up to the position `to`. */
export interface SharedStep {
  readonly step: HashStep;
  /** In shared memory: the first position that no thread has taken yet. */
  readonly cursor: Int32Array;
  readonly to: number;
}

/**
 * Takes and hashes one chunk of a step after another, until none is left.
 * @param onChunk Called with the position up to which chunks have been taken.
 */
export function hashChunks(
  hashRange: HashRange,
  { step, cursor, to }: SharedStep,
  onChunk: (position: number) => void = () => undefined,
): void {
  for (;;) {
    const start = Atomics.add(cursor, 0, BATCH);
    if (start >= to) return;
    onChunk(start);
    hashRange(step, start, Math.min(start + BATCH, to));
  }
}
