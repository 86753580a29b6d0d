import { BaseError } from "viem";
import { NotDeployedError } from "../chain/deployment";
import { SettlementDiffersError } from "../keeper/settle/carriedInto";
import { MissingEventsError } from "../keeper/facts/missingEvents";

/** What was asked for does not exist: 404. */
export class NotFoundError extends Error {
  override readonly name = "NotFoundError";
}

/** What was asked for is not to be had right now, and may be later: 503. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
  /** @param retryAfterSeconds When asking again makes sense. */
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}

/** An answer that is no success: its status, one sentence, and when to ask again. */
export interface Problem {
  readonly status: 404 | 500 | 503;
  readonly sentence: string;
  readonly retryAfterSeconds?: number;
}

/** So long a chain that does not answer is left alone by a client that obeys. */
const chainRetrySeconds = 5;

/**
 * What to answer where something failed. An endpoint's URL may hold a key, so no part of an RPC error that can hold one is
 * passed on.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof NotFoundError) return { status: 404, sentence: error.message };
  if (error instanceof UnavailableError) {
    return { status: 503, sentence: error.message, retryAfterSeconds: error.retryAfterSeconds };
  }
  const passing = [SettlementDiffersError, NotDeployedError, MissingEventsError];
  if (error instanceof Error && passing.some((kind) => error instanceof kind)) {
    return { status: 503, sentence: error.message, retryAfterSeconds: chainRetrySeconds };
  }
  if (error instanceof BaseError) {
    const sentence = "The chain can't be read right now: its endpoint does not answer as it should. Ask again shortly.";
    return { status: 503, sentence, retryAfterSeconds: chainRetrySeconds };
  }
  return { status: 500, sentence: "Something went wrong here, not in your request; the operator's log says what." };
}
