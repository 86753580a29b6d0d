/** The second thread of openParallelHasher: helps with each step that it is sent, and says when nothing is left of it. */
import { parentPort } from "node:worker_threads";
import { hashChunks, type SharedStep } from "./hashChunks";
import { loadKeccak256 } from "./core/rewardTree/keccak";

const keccak256Loaded = loadKeccak256();

parentPort?.on("message", (shared: SharedStep) => {
  void keccak256Loaded.then((keccak256) => {
    hashChunks(keccak256, shared);
    parentPort?.postMessage("done");
  });
});
