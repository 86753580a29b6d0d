import { z } from "zod";
import { readStrict } from "../../core/strictJson";
import { isImage } from "../digits/image";
import { resultFor } from "../digits/model";
import { askFor, type AskingOptions, type Failed } from "./asker";
import { base64Bytes, toBase64 } from "./base64";
import { openAsker } from "./openAsker";

/** A task that a miner is to do. */
export interface WorkRequest {
  readonly taskId: number;
  readonly typeId: number;
  readonly input: Uint8Array;
  /** Unix time in seconds. */
  readonly deadline: number;
}

/** What becomes of a task. `declined` has the worker's own words; `failed` completes "The worker …". */
export type WorkAnswer =
  | { readonly kind: "result"; readonly result: Uint8Array }
  | { readonly kind: "declined"; readonly reason: string }
  | Failed;

/** Who does a miner's tasks. */
export interface Worker {
  /**
   * Does one task; whatever the worker does wrong is an answer as well.
   * @param stopping Gives the task up, which fails it.
   */
  work(request: WorkRequest, stopping: AbortSignal): Promise<WorkAnswer>;
  /** Ends all that was started. */
  close(): Promise<void>;
}

/** The most bytes of a result. */
export const maxResultBytes = 1 << 20;

/**
 * @param source `digits` for the model that comes along, a URL over http or https, or a command line that is started.
 * @throws UnusableSourceError
 */
export function openWorker(source: string, options: AskingOptions): Worker {
  if (source === "digits") return digitsWorker;
  const asker = openAsker(source, options);
  return {
    work: ({ taskId, typeId, input, deadline }, stopping) =>
      askFor(asker, { taskId, typeId, input: toBase64(input), deadline }, readAnswer, stopping),
    close: () => asker.close(),
  };
}

const answered = z.object(
  {
    result: base64Bytes(maxResultBytes).optional(),
    decline: z.string("must be a string").optional(),
  },
  "must be an object",
);

/** Reasons end up in logs. */
const longestReason = 200;

function readAnswer(answer: unknown): WorkAnswer {
  const { result, decline } = readStrict(answered, answer, "");
  if ((result === undefined) === (decline === undefined)) throw new Error("It must have either a result or a decline.");
  if (result !== undefined) return { kind: "result", result };
  return { kind: "declined", reason: decline!.slice(0, longestReason) };
}

const digitsWorker: Worker = {
  work: ({ input }) =>
    Promise.resolve(
      isImage(input)
        ? { kind: "result", result: resultFor(input) }
        : { kind: "declined", reason: `${input.length} bytes are not an image` },
    ),
  close: () => Promise.resolve(),
};
