/** What passes between a command and the process that it runs in. */
import { type OnProgress } from "../core/progress";
import { progressLines } from "../show/progress";
import { setMaxListeners } from "node:events";

/**
 * Prints a text and waits until it is out: the process may end right after, and a pipe takes long texts piece by piece. A reader
 * who has seen enough is no failure.
 * @throws Error if it can't be written.
 */
export function print(text: string): Promise<void> {
  // Told to the callback below too; without a listener it would end the process.
  process.stdout.once("error", () => undefined);
  return new Promise((resolve, reject) => {
    process.stdout.write(`${text}\n`, (error?: NodeJS.ErrnoException | null) => {
      if (error === undefined || error === null || error.code === "EPIPE") resolve();
      else reject(new Error(`Can't write the output: ${error.message}.`));
    });
  });
}

/** JSON with every bigint as a decimal string. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item));
}

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

/** Says on stderr where something is served. Anyone who started it may read no more: that is no reason to end. */
export function tellServing(url: string): void {
  process.stderr.on("error", () => undefined).write(`Serving on ${url}\n`);
}

/** A signal that is aborted when this process is asked to end; its reason is the name of the signal that asked. */
export function untilSignalled(): AbortSignal {
  const stopping = new AbortController();
  // As many tasks and questions as are under way wait with it, and each forgets it.
  setMaxListeners(0, stopping.signal);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      stopping.abort(signal);
    });
  }
  return stopping.signal;
}
