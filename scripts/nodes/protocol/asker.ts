/** How a worker or a scorer is asked, whichever of the two it is, and for how many questions at once. */
import { z } from "zod";

/** How to ask. */
export interface AskingOptions {
  /** How many questions are out at once: so many requests over HTTP, or so many processes of a program. */
  readonly concurrency: number;
  /** From when a question is sent to when its answer has been read. */
  readonly timeoutMilliseconds: number;
  /** Called with each line that a program writes to stderr, and why it was ended. */
  readonly onLog: (line: string) => void;
}

/** Someone who answers a text with a text. */
export interface Asker {
  /**
   * @param question One line of JSON.
   * @param read Makes the answer of its text; anyone who answers what it throws at is not trusted with another
   * question.
   * @param stopping Gives the question up.
   * @throws NoAnswerError if the answer does not come; whatever `read` throws.
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

/** Calls `end` with why a question has no answer, where it takes too long or is given up. @returns What ends that. */
export function untilLate(
  timeoutMilliseconds: number,
  stopping: AbortSignal,
  end: (error: NoAnswerError) => void,
  late = `did not answer within ${timeoutMilliseconds} ms`,
): () => void {
  const giveUp = (): void => {
    end(new NoAnswerError(givenUp));
  };
  const timer = setTimeout(end, timeoutMilliseconds, new NoAnswerError(late));
  stopping.addEventListener("abort", giveUp, { once: true });
  if (stopping.aborted) giveUp();
  return () => {
    clearTimeout(timer);
    stopping.removeEventListener("abort", giveUp);
  };
}

/** How long an answer's text may be: 1 MiB in base64, and room for the rest. */
export const longestAnswerBytes = 2 << 20;

/** Lets a number of questions out at once; the others wait in the order in which they came. */
export interface Turns {
  /** @throws NoAnswerError if the question is given up before its turn. */
  take(stopping: AbortSignal): Promise<void>;
  /** Lets the next one out. */
  pass(): void;
}

/** @param atOnce How many. */
export function openTurns(atOnce: number): Turns {
  const queue: (() => void)[] = [];
  let free = atOnce;
  return {
    take(stopping) {
      if (stopping.aborted) return Promise.reject(new NoAnswerError(givenUp));
      if (free > 0) {
        free--;
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        const begin = (): void => {
          stopping.removeEventListener("abort", leave);
          resolve();
        };
        const leave = (): void => {
          queue.splice(queue.indexOf(begin), 1);
          reject(new NoAnswerError(givenUp));
        };
        stopping.addEventListener("abort", leave, { once: true });
        queue.push(begin);
      });
    },
    pass() {
      const begin = queue.shift();
      if (begin === undefined) free++;
      else begin();
    },
  };
}

/** Bytes as standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** Bytes that are written as standard base64 with padding. */
export function base64Bytes(maxBytes: number): z.ZodType<Uint8Array> {
  const error = `must be at most ${maxBytes} bytes in standard base64`;
  return z
    .string({ error })
    .refine((text) => isBase64(text) && Buffer.byteLength(text, "base64") <= maxBytes, { error })
    .transform((text) => new Uint8Array(Buffer.from(text, "base64")));
}

/** Node skips what is not base64, so only what it would write itself was written right. */
function isBase64(text: string): boolean {
  return Buffer.from(text, "base64").toString("base64") === text;
}
