import { type OnProgress } from "../core/progress";
import { progressLines } from "../show/progress";

/** Progress on stderr, for whatever takes longer than a second. */
export function progressOnStderr(): OnProgress {
  return progressLines(
    (line) => process.stderr.write(line),
    () => performance.now(),
  );
}

/** Says on stderr what a command is busy with. */
export function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
