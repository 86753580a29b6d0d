/** How a worker or a scorer is asked, whichever of the two it is. */
import { type Json } from "../../core/canonicalJson";
import { parseJson } from "../../core/parseJson";

/** How to ask. */
export interface AskingOptions {
  /** How many questions are out at once: so many requests over HTTP, or so many processes of a program. */
  readonly concurrency: number;
  /** From when a question is sent to when its answer has been read. */
  readonly timeoutMilliseconds: number;
  /** Called with each line that a program writes to stderr, and why it was ended. */
  readonly onLog: (line: string) => void;
}

/** Somebody who answers a text with a text. */
export interface Asker {
  /**
   * @param question One line of JSON.
   * @param read Makes the answer of its text; anyone who answers what it throws at is not trusted with another
   * question.
   * @param stopping Gives the question up.
   * @throws NoAnswerError where the answer does not come; whatever `read` throws.
   */
  ask<T>(question: string, read: (answer: string) => T, stopping: AbortSignal): Promise<T>;
  /** Gives up what is being asked, and returns when all that was started has ended. */
  close(): Promise<void>;
}

/** A question without an answer. The message completes a sentence that begins with who was asked. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

/** What is said of a question that was given up. */
export const givenUp = "was no longer asked";

/** How long an answer's text may be: 1 MiB in base64, and room for the rest. */
export const longestAnswerBytes = 2 << 20;

/** Why a question has no answer, completing a sentence that begins with who was asked: "did not answer within 10 s". */
export interface Failed {
  readonly kind: "failed";
  readonly reason: string;
}

/**
 * Asks for one answer, and never throws for what the other side does.
 * @param read Makes the answer of the JSON value, or throws.
 */
export async function askFor<T>(
  asker: Asker,
  question: Json,
  read: (answer: unknown) => T,
  stopping: AbortSignal,
): Promise<T | Failed> {
  const readText = (text: string): T => {
    try {
      return read(parseJson(text));
    } catch (error) {
      throw new NoAnswerError(`gave an unusable answer: ${(error as Error).message}`);
    }
  };
  try {
    return await asker.ask(JSON.stringify(question), readText, stopping);
  } catch (error) {
    return { kind: "failed", reason: (error as Error).message };
  }
}
