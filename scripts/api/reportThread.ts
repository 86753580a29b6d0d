/** The other end of the thread that reads reports (reportWorker.ts). */
import { extname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { UnavailableError } from "./http";
import { type ReportAnswers, type ReportQuestion } from "./reportWorker";

/** The file holds no report. */
export class DamagedReportError extends Error {
  override readonly name = "DamagedReportError";
}

/** Most questions that wait; further callers must ask again later. */
const mostWaiting = 100;
const retryAfterSeconds = 5;

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

interface Reply {
  readonly id: number;
  readonly answer?: never;
  readonly problem?: string;
}

let worker: Worker | undefined;
let asked = 0;
const waiting = new Map<number, Waiting>();

/**
 * Asks the thread. It is started for the first question, answers one question at a time, and keeps no process alive
 * while idle.
 * @throws DamagedReportError; UnavailableError if too many wait already.
 */
export function askReport<K extends ReportQuestion["kind"]>(
  question: Extract<ReportQuestion, { kind: K }>,
): Promise<ReportAnswers[K]> {
  if (waiting.size >= mostWaiting) {
    const error = new UnavailableError("Too many reports are requested at once: ask again later.", retryAfterSeconds);
    return Promise.reject(error);
  }
  worker ??= startWorker();
  const id = ++asked;
  return new Promise<ReportAnswers[K]>((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker!.ref();
    worker!.postMessage({ id, question });
  });
}

/** If run from TypeScript sources, the thread has to load the compiler first, without its type checks. */
function startWorker(): Worker {
  const extension = extname(__filename);
  const execArgv = extension === ".ts" ? ["--require", "ts-node/register/transpile-only"] : [];
  const started = new Worker(join(__dirname, `reportWorker${extension}`), { execArgv });
  started.on("message", ({ id, answer, problem }: Reply) => {
    const { resolve, reject } = waiting.get(id)!;
    waiting.delete(id);
    if (waiting.size === 0) started.unref();
    if (problem === undefined) resolve(answer as never);
    else reject(new DamagedReportError(problem));
  });
  started.on("error", (error) => {
    worker = undefined;
    const all = [...waiting.values()];
    waiting.clear();
    for (const { reject } of all) reject(error);
  });
  return started;
}
