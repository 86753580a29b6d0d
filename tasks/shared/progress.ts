import { type OnProgress } from "../../scripts/core/progress";

/** Progress on stderr, for whatever takes longer than a second. */
export async function progressOnStderr(): Promise<OnProgress> {
  const { progressLines } = await import("../../scripts/core/progress");
  return progressLines(
    (line) => process.stderr.write(line),
    () => performance.now(),
  );
}
