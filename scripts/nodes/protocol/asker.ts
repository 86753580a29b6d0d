/** How a worker or a scorer is asked, and how many questions at a time. */
import { z } from "zod";

/** How to ask. */
export interface AskingOptions {
  /** Most questions at a time: requests over HTTP, or processes of a program. */
  readonly concurrency: number;
  /** Time limit from sending a question to having read its answer. */
  readonly timeoutMilliseconds: number;
  /** Called with each line that a program writes to stderr, and with the reason why it ended. */
  readonly onLog: (line: string) => void;
}

/** Answers a text with a text. */
export interface Asker {
  /**
   * @param question One line of JSON.
   * @param read Parses the answer's text. If it throws, the program that gave the answer is ended.
   * @param stopping Gives up the question.
   * @throws NoAnswerError if no answer comes; whatever `read` throws.
   */
  ask<T>(question: string, read: (answer: string) => T, stopping: AbortSignal): Promise<T>;
  /** Gives up all open questions, and returns once every started program has ended. */
  close(): Promise<void>;
}

/** A question got no answer. The message completes a sentence such as "The worker …". */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

/** Why a given-up question has no answer. */
export const givenUp = "was stopped before it answered";

/** Calls `end` with the reason if a question takes too long or is given up. @returns A function that stops this. */
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

/** Maximum size of an answer in bytes: 1 MiB in base64, and room for the rest. */
export const longestAnswerBytes = 2 << 20;

/** Limits how many questions are out at once; the others wait in order of arrival. */
export interface Turns {
  /** @throws NoAnswerError if the question is given up before its turn. */
  take(stopping: AbortSignal): Promise<void>;
  /** Ends a turn: the next question may go out. */
  pass(): void;
}

/** @param atOnce Most questions at a time. */
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

/** Reads at most `maxBytes` bytes from standard base64 with padding. */
export function base64Bytes(maxBytes: number): z.ZodType<Uint8Array> {
  const error = `must be at most ${maxBytes} bytes in standard base64`;
  return z
    .string({ error })
    .refine((text) => isBase64(text) && Buffer.byteLength(text, "base64") <= maxBytes, { error })
    .transform((text) => new Uint8Array(Buffer.from(text, "base64")));
}

/** Node skips invalid characters, so a text is valid only if encoding its bytes gives the same text. */
function isBase64(text: string): boolean {
  return Buffer.from(text, "base64").toString("base64") === text;
}
