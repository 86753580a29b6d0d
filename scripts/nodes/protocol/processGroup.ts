import { type ChildProcess } from "node:child_process";

/** A process that was started as the first of its group. */
export interface ProcessGroup {
  /**
   * Resolves when the first process has ended; what it has started is killed then, so that nothing continues unseen.
   */
  readonly ended: Promise<void>;
  kill(): void;
}

/** How long what was written before the end may take to be read. */
const drainMilliseconds = 2_000;

/** @param child Was started with `detached`. */
export function groupOf(child: ChildProcess): ProcessGroup {
  const { pid } = child;
  let isGone = pid === undefined;
  function kill(): void {
    if (isGone) return;
    try {
      process.kill(-pid!, "SIGKILL");
    } catch {
      // Nobody of it is left.
    }
  }
  const ended = new Promise<void>((resolve) => {
    if (isGone) resolve();
    child.once("exit", () => {
      kill();
      // The number may be another process' from now on.
      isGone = true;
      resolve();
      // What left the group may hold its pipes open for ever.
      setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy();
      }, drainMilliseconds).unref();
    });
  });
  return { ended, kill };
}
