/** A command's output, and the signals that stop it. */
import { type OnProgress } from "../core/progress";
import { progressLines } from "../show/progress";
import { setMaxListeners } from "node:events";

/**
 * Prints a text and waits until it is written: the process may end right after, and a pipe takes long texts piece by
 * piece. A reader that closes the pipe early is not a failure.
 * @throws Error if it can't be written.
 */
export function print(text: string): Promise<void> {
  // The callback below gets it, too; without a listener it would end the process.
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

/** Progress on stderr, for anything that takes longer than a second. */
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

/** Says on stderr where something is served. If nobody reads stderr any more, the process continues. */
export function tellServing(url: string): void {
  process.stderr.on("error", () => undefined).write(`Serving on ${url}\n`);
}

/** A signal that is aborted when this process is asked to end; its reason is the name of the process signal. */
export function untilSignalled(): AbortSignal {
  const stopping = new AbortController();
  // Every running task and request adds a listener, and removes it at its end.
  setMaxListeners(0, stopping.signal);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      stopping.abort(signal);
    });
  }
  return stopping.signal;
}
