import { writeCheckpoint } from "../verify/checkpoint";
import { rootOf } from "../facts/settledEpochs";
import { reasonOf } from "../run/reasonOf";
import { type Watcher, type WatchMemory } from "./watcher";

/**
 * Writes where to go on after a restart: the epoch before the newest judged one, so that the newest, which may be posted
 * again, is judged again. Nothing is written while a wrong root is alive, nor where the chain does not hold that epoch's
 * right root. A disk that is full is told, and stops nobody from watching.
 */
export async function saveCheckpoint(watcher: Watcher, memory: WatchMemory): Promise<void> {
  const [point] = memory.points;
  const own = point === undefined ? undefined : memory.settled[point.nextEpoch - 1];
  if (point === undefined || own === undefined || point.nextEpoch !== memory.settled.length - 1) return;
  if (memory.wrongRoots.size > 0 || own.isVetoed || rootOf(own) !== point.root) return;
  try {
    await writeCheckpoint(watcher.checkpointFile, watcher.connection, point.nextEpoch - 1, point.root, point.carried);
  } catch (error) {
    watcher.tell({ kind: "failed", during: "writing the checkpoint", reason: reasonOf(error), retryInSeconds: 0 });
  }
}
