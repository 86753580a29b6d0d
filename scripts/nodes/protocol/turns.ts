import { givenUp, NoAnswerError } from "./asker";

/** Lets a number of questions out at once; the others wait in the order in which they came. */
export interface Turns {
  /** @throws NoAnswerError where the question is given up before its turn. */
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
