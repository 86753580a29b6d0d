import { type OnProgress, progressLines } from "../core/progress";

/** Progress on stderr, for whatever takes longer than a second. */
export function progressOnStderr(): OnProgress {
  return progressLines(
    (line) => process.stderr.write(line),
    () => performance.now(),
  );
}
