/** The second thread of openParallelHasher: helps with each step that it is sent, and says when nothing is left of it. */
import { parentPort } from "node:worker_threads";
import { hashChunks, type SharedStep } from "./hashChunks";
import { openHashRange } from "./core/rewardTree/hashing";

const opened = openHashRange();

parentPort?.on("message", (shared: SharedStep) => {
  void opened.then((hashRange) => {
    hashChunks(hashRange, shared);
    parentPort?.postMessage("done");
  });
});
