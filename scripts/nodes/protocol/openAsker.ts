/** Asks a worker or a scorer over HTTP, or starts it as a program. */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { type Asker, type AskingOptions, givenUp, longestAnswerBytes, NoAnswerError, openTurns } from "./asker";
import { withEitherSignal, readBody } from "../../chain/askEndpoint";
import { EndedBeforehandError, Program } from "./program";

/** A source that is neither a valid URL nor a command line. */
class UnusableSourceError extends Error {
  override readonly name = "UnusableSourceError";
}

/**
 * @param source An http or https URL, or else a command line for the shell.
 * @throws UnusableSourceError
 */
export function openAsker(source: string, options: AskingOptions): Asker {
  if (source.trim() === "") throw new UnusableSourceError("A URL or a command line is missing.");
  if (!/^https?:/i.test(source)) return openProgramAsker(source, options);
  if (!URL.canParse(source)) throw new UnusableSourceError(`${source} is not a URL.`);
  return openHttpAsker(new URL(source), options);
}

/** Posts each question on its own connection, at most `concurrency` at a time. Follows no redirects. */
function openHttpAsker(url: URL, { concurrency, timeoutMilliseconds }: AskingOptions): Asker {
  const isSecure = url.protocol === "https:";
  const agent = isSecure ? new HttpsAgent({ maxSockets: concurrency }) : new HttpAgent({ maxSockets: concurrency });
  const post = isSecure ? requestHttps : requestHttp;
  const closing = new AbortController();

  function exchange(question: string, stopping: AbortSignal): Promise<string> {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(question) };
    return new Promise((resolve, reject) => {
      const sent = post(url, { method: "POST", agent, headers, signal: stopping }, (response) => {
        readWhole(response).then(resolve, fail);
      });
      /** The first failure is the reason. */
      function fail(error: Error): void {
        if (stopping.aborted) reject(new NoAnswerError(givenUp));
        else reject(error instanceof NoAnswerError ? error : new NoAnswerError(`can't be reached (${codeOf(error)})`));
        sent.destroy();
      }
      // Time spent waiting for a turn does not count.
      sent.once("socket", () => {
        const timer = setTimeout(() => {
          fail(new NoAnswerError(`did not answer within ${timeoutMilliseconds} ms`));
        }, timeoutMilliseconds);
        sent.once("close", () => {
          clearTimeout(timer);
        });
      });
      sent.on("error", fail).end(question);
    });
  }

  return {
    ask: async (question, read, stopping) =>
      read(await withEitherSignal([stopping, closing.signal], (signal) => exchange(question, signal))),
    close() {
      closing.abort();
      agent.destroy();
      return Promise.resolve();
    },
  };
}

function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}

async function readWhole(response: IncomingMessage): Promise<string> {
  const { statusCode, headers } = response;
  if (statusCode !== 200) throw new NoAnswerError(`answered with status ${statusCode}`);
  const type = headers["content-type"] ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new NoAnswerError("answered with a content type other than application/json");
  const tooLong = (): Error => new NoAnswerError(`answered more than ${longestAnswerBytes} bytes`);
  const body = await readBody(response, longestAnswerBytes, tooLong);
  return body.toString("utf8");
}

/**
 * Asks up to `concurrency` processes of one program, each started when it is needed, and replaced once it has ended.
 */
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
    const program = new Program(command, timeoutMilliseconds, onLog);
    running.add(program);
    return program;
  }

  async function askOne<T>(program: Program, ...asked: Asked<T>): Promise<T> {
    try {
      const answer = await program.ask(...asked);
      pauses.reset();
      return answer;
    } finally {
      // Leaves time to notice a second line before it could pass for the answer to the next question.
      await nextTurn();
      idle = [program, ...idle];
    }
  }

  /** An idle program may end before it gets the question; then another one is started and asked. */
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

/** Pauses before a program is restarted: none after the first failure in a row, then 1 s, 2 s, 4 s … 60 s. */
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
