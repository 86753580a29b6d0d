/** The second thread of openParallelHasher: helps with each step that it receives, and reports when it is done. */
import { parentPort, workerData } from "node:worker_threads";
import { hashChunks, type SharedStep } from "./parallelHasher";
import { type KeccakModule } from "../../core/keccak/keccakBatch";
import { openHashRange } from "../../core/rewardTree/hashing";

const opened = openHashRange(workerData as KeccakModule);

parentPort?.on("message", (shared: SharedStep) => {
  void opened.then((hashRange) => {
    hashChunks(hashRange, shared);
    parentPort?.postMessage("done");
  });
});
