import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { type Asker, type AskingOptions, givenUp, NoAnswerError } from "./asker";
import { withEitherSignal } from "../../chain/endpoints/eitherSignal";
import { EndedBeforehandError, type Program, startProgram } from "./program";
import { openTurns } from "./turns";

/** Asks up to `concurrency` processes of one program, each started when it is first needed, and again when it has ended. */
export function openProgramAsker(command: string, options: AskingOptions): Asker {
  const { concurrency, timeoutMilliseconds, onLog } = options;
  const turns = openTurns(concurrency);
  const closing = new AbortController();
  const running = new Set<Program>();
  const pauses = openPauses();
  let idle: readonly Program[] = [];

  function takeIdle(): Program | undefined {
    for (const program of running) if (program.hasEnded) running.delete(program);
    const [program, ...others] = idle.filter(({ hasEnded }) => !hasEnded);
    idle = others;
    return program;
  }

  async function start(stopping: AbortSignal): Promise<Program> {
    await pauses.wait(stopping);
    const program = startProgram(command, timeoutMilliseconds, onLog);
    running.add(program);
    return program;
  }

  async function askOne<T>(program: Program, ...asked: Asked<T>): Promise<T> {
    try {
      const answer = await program.ask(...asked);
      pauses.reset();
      return answer;
    } finally {
      // Time for a second line to be noticed, before it could pass for the answer to the next question.
      await nextTurn();
      idle = [program, ...idle];
    }
  }

  /** A program that was idle may have ended before it got the question, so another one is asked as well. */
  async function askAny<T>(...asked: Asked<T>): Promise<T> {
    const [, , stopping] = asked;
    const program = takeIdle();
    if (program === undefined) return askOne(await start(stopping), ...asked);
    try {
      return await askOne(program, ...asked);
    } catch (error) {
      if (!(error instanceof EndedBeforehandError)) throw error;
      return askOne(await start(stopping), ...asked);
    }
  }

  return {
    ask: (question, read, stopping) =>
      withEitherSignal([stopping, closing.signal], async (signal) => {
        await turns.take(signal);
        try {
          return await askAny(question, read, signal);
        } catch (error) {
          if (!signal.aborted) pauses.extend();
          throw error;
        } finally {
          turns.pass();
        }
      }),
    async close() {
      closing.abort();
      await Promise.all([...running].map((program) => program.close()));
    },
  };
}

type Asked<T> = [question: string, read: (answer: string) => T, stopping: AbortSignal];

/** Pauses before a program is started again: none after its first failure in a row, then 1 s, 2 s, 4 s … 60 s. */
function openPauses() {
  let failures = 0;
  let until = 0;
  return {
    async wait(stopping: AbortSignal): Promise<void> {
      const pause = until - performance.now();
      if (pause > 0) await sleep(pause, undefined, { signal: stopping }).catch(() => undefined);
      if (stopping.aborted) throw new NoAnswerError(givenUp);
    },
    extend(): void {
      const pause = failures === 0 ? 0 : 1_000 * 2 ** (failures - 1);
      until = performance.now() + Math.min(60_000, pause);
      failures++;
    },
    reset(): void {
      failures = 0;
    },
  };
}
