import { type Address } from "viem";
import { z } from "zod";
import { readStrict } from "../../core/strictJson";
import { isImage } from "../digits/image";
import { digitIn } from "../digits/model";
import { askFor, type AskingOptions, type Failed } from "./asker";
import { toBase64 } from "./base64";
import { openAsker } from "./openAsker";

/** A task that a miner completed. */
export interface ScoredTask {
  readonly taskId: number;
  readonly typeId: number;
  readonly feeWei: bigint;
  /** Null where nobody serves the bytes. */
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

/** One score a task in the request's order: 0 to 1, or null where nothing is said. Reasons complete "The scorer …". */
export type ScoreAnswer = { readonly kind: "scores"; readonly scores: readonly (number | null)[] } | Failed;

/** Who judges miners' work for a validator. */
export interface Scorer {
  /**
   * Scores one miner's tasks; whatever the scorer does wrong is an answer as well.
   * @param stopping Gives the question up, which fails it.
   */
  score(request: ScoreRequest, stopping: AbortSignal): Promise<ScoreAnswer>;
  /** Ends all that was started. */
  close(): Promise<void>;
}

/**
 * @param source `digits` for the model that comes along, a URL over http or https, or a command line that is started.
 * @throws UnusableSourceError
 */
export function openScorer(source: string, options: AskingOptions): Scorer {
  if (source === "digits") return digitsScorer;
  const asker = openAsker(source, options);
  return {
    score: ({ epoch, miner: { id, account }, tasks }, stopping) =>
      askFor(asker, { epoch, miner: { id, account }, tasks: tasks.map(asJson) }, reading(tasks.length), stopping),
    close: () => asker.close(),
  };
}

function asJson({ taskId, typeId, feeWei, input, result, submittedAt, completedAt }: ScoredTask) {
  const bytes = { input: input && toBase64(input), result: result && toBase64(result) };
  return { taskId, typeId, feeWei: String(feeWei), ...bytes, submittedAt, completedAt };
}

const error = "must be a number from 0 to 1, or null";
const answered = z.object(
  { scores: z.array(z.number({ error }).min(0, { error }).max(1, { error }).nullable(), "must be a list") },
  "must be an object",
);

function reading(taskCount: number): (answer: unknown) => ScoreAnswer {
  return (answer) => {
    const { scores } = readStrict(answered, answer, "");
    if (scores.length !== taskCount) throw new Error(`It has ${scores.length} scores for ${taskCount} tasks.`);
    return { kind: "scores", scores };
  };
}

const digitsScorer: Scorer = {
  score: ({ tasks }) => Promise.resolve({ kind: "scores", scores: tasks.map(digitScore) }),
  close: () => Promise.resolve(),
};

/** Withholding hides nothing: what is not served counts as wrong. Of other inputs than images the model knows nothing. */
function digitScore({ input, result }: ScoredTask): number | null {
  if (input === null) return 0;
  if (!isImage(input)) return null;
  return result?.length === 1 && result[0] === digitIn(input) ? 1 : 0;
}
