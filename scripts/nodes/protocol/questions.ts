/** What workers and scorers are asked, and how their answers are read: docs/nodes.md has the protocol. */
import { type Address } from "viem";
import { z } from "zod";
import { type Json } from "../../core/canonicalJson";
import { parseJson, readStrict } from "../../core/strictJson";
import { isImage } from "../digits/image";
import { digitIn, resultFor } from "../digits/model";
import { type AskingOptions, base64Bytes, NoAnswerError, toBase64 } from "./asker";
import { openAsker } from "./openAsker";

/** A question has no answer. The reason completes a sentence such as "The worker …": "did not answer within 10 s". */
export interface Failed {
  readonly kind: "failed";
  readonly reason: string;
}

/** Does a miner's tasks, or judges miners' work for a validator. */
interface Answerer<Question, Answer> {
  /**
   * Answers one question. A fault of the other side is returned, not thrown.
   * @param stopping Gives up the question, which fails it.
   */
  answer(question: Question, stopping: AbortSignal): Promise<Answer | Failed>;
  /** Ends everything that was started. */
  close(): Promise<void>;
}

/** How questions of one kind are answered. */
interface Protocol<Question, Answer> {
  /** The answer of the bundled digits model. */
  readonly byDigits: (question: Question) => Answer;
  readonly asJson: (question: Question) => Json;
  /** Reads the answer from a JSON value, or throws. */
  readonly read: (json: unknown, question: Question) => Answer;
}

function openAnswerer<Question, Answer>(
  { byDigits, asJson, read }: Protocol<Question, Answer>,
  source: string,
  options: AskingOptions,
): Answerer<Question, Answer> {
  if (source === "digits") {
    return { answer: (question) => Promise.resolve(byDigits(question)), close: () => Promise.resolve() };
  }
  const asker = openAsker(source, options);
  return {
    async answer(question, stopping) {
      const readText = (text: string): Answer => {
        try {
          return read(parseJson(text), question);
        } catch (error) {
          throw new NoAnswerError(`gave an unusable answer: ${(error as Error).message}`);
        }
      };
      try {
        return await asker.ask(JSON.stringify(asJson(question)), readText, stopping);
      } catch (error) {
        return { kind: "failed", reason: (error as Error).message };
      }
    },
    close: () => asker.close(),
  };
}

/** A task for a miner to do. */
export interface WorkRequest {
  readonly taskId: number;
  readonly typeId: number;
  readonly input: Uint8Array;
  /** Unix time in seconds. */
  readonly deadline: number;
}

/** A worker's answer to a task. `declined` has the worker's own words. */
export type WorkAnswer =
  { readonly kind: "result"; readonly result: Uint8Array } | { readonly kind: "declined"; readonly reason: string };

/** Does a miner's tasks; the reason of a failure completes "The worker …". */
export type Worker = Answerer<WorkRequest, WorkAnswer>;

/** Maximum size of a result in bytes. */
const maxResultBytes = 1 << 20;

const workAnswer = z.object(
  {
    result: base64Bytes(maxResultBytes).optional(),
    decline: z.string("must be a string").optional(),
  },
  "must be an object",
);

/** Reasons end up in logs, so they are cut after this many characters. */
const longestReason = 200;

const work: Protocol<WorkRequest, WorkAnswer> = {
  byDigits: ({ input }) =>
    isImage(input)
      ? { kind: "result", result: resultFor(input) }
      : { kind: "declined", reason: `${input.length} bytes are not an image` },
  asJson: ({ taskId, typeId, input, deadline }) => ({ taskId, typeId, input: toBase64(input), deadline }),
  read(json) {
    const { result, decline } = readStrict(workAnswer, json, "");
    if ((result === undefined) === (decline === undefined)) {
      throw new Error("The answer must have either a result or a decline.");
    }
    if (result !== undefined) return { kind: "result", result };
    return { kind: "declined", reason: decline!.slice(0, longestReason) };
  },
};

/**
 * @param source `digits` for the bundled model, an http or https URL, or a command line to start.
 * @throws UnusableSourceError
 */
export function openWorker(source: string, options: AskingOptions): Worker {
  return openAnswerer(work, source, options);
}

/** A task that a miner completed. */
export interface ScoredTask {
  readonly taskId: number;
  readonly typeId: number;
  readonly feeWei: bigint;
  /** Null if nobody serves the bytes. */
  readonly input: Uint8Array | null;
  readonly result: Uint8Array | null;
  /** Unix times in seconds. */
  readonly submittedAt: number;
  readonly completedAt: number;
}

/** One miner's completed tasks of an epoch. */
export interface ScoreRequest {
  readonly epoch: number;
  readonly miner: { readonly id: number; readonly account: Address };
  readonly tasks: readonly ScoredTask[];
}

/** One score per task, in the request's order: 0 to 1, or null if the scorer does not judge it. */
export interface ScoreAnswer {
  readonly kind: "scores";
  readonly scores: readonly (number | null)[];
}

/** Judges miners' work for a validator; the reason of a failure completes "The scorer …". */
export type Scorer = Answerer<ScoreRequest, ScoreAnswer>;

const error = "must be a number from 0 to 1, or null";
const scoreAnswer = z.object(
  { scores: z.array(z.number({ error }).min(0, { error }).max(1, { error }).nullable(), "must be a list") },
  "must be an object",
);

const scoring: Protocol<ScoreRequest, ScoreAnswer> = {
  byDigits: ({ tasks }) => ({ kind: "scores", scores: tasks.map(digitScore) }),
  asJson: ({ epoch, miner: { id, account }, tasks }) => ({
    ...{ epoch, miner: { id, account } },
    tasks: tasks.map(({ taskId, typeId, feeWei, input, result, submittedAt, completedAt }) => ({
      ...{ taskId, typeId, feeWei: String(feeWei) },
      ...{ input: input && toBase64(input), result: result && toBase64(result), submittedAt, completedAt },
    })),
  }),
  read(json, { tasks }) {
    const { scores } = readStrict(scoreAnswer, json, "");
    if (scores.length !== tasks.length)
      throw new Error(`The answer has ${scores.length} scores for ${tasks.length} tasks.`);
    return { kind: "scores", scores };
  },
};

/** Like openWorker. */
export function openScorer(source: string, options: AskingOptions): Scorer {
  return openAnswerer(scoring, source, options);
}

/**
 * Withholding hides nothing: an input or a result that is not served counts as wrong. The model can judge only images.
 */
function digitScore({ input, result }: ScoredTask): number | null {
  if (input === null) return 0;
  if (!isImage(input)) return null;
  return result?.length === 1 && result[0] === digitIn(input) ? 1 : 0;
}
