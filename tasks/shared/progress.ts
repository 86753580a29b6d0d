import { type OnProgress } from "../../scripts/text/progress";

/** Progress on stderr, for whatever takes longer than a second. */
export async function progressOnStderr(): Promise<OnProgress> {
  const { progressLines } = await import("../../scripts/text/progress");
  return progressLines(
    (line) => process.stderr.write(line),
    () => performance.now(),
  );
}
