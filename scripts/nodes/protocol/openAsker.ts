import { type Asker, type AskingOptions, givenUp, longestAnswerBytes, NoAnswerError } from "./asker";
import { openProgramAsker } from "./programAsker";
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { withEitherSignal } from "../../chain/endpoints/eitherSignal";
import { readBody } from "../../chain/endpoints/readBody";

/** A source that says neither where to ask nor what to start. */
class UnusableSourceError extends Error {
  override readonly name = "UnusableSourceError";
}

/**
 * @param source A URL over http or https, or else a command line for the shell.
 * @throws UnusableSourceError
 */
export function openAsker(source: string, options: AskingOptions): Asker {
  if (source.trim() === "") throw new UnusableSourceError("A URL or a command line is missing.");
  if (!/^https?:/i.test(source)) return openProgramAsker(source, options);
  if (!URL.canParse(source)) throw new UnusableSourceError(`${source} is not a URL.`);
  return openHttpAsker(new URL(source), options);
}

/** Posts each question on a connection of its own; more than `concurrency` wait for each other. Follows no redirects. */
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
      /** Whatever fails first is why. */
      function fail(error: Error): void {
        if (stopping.aborted) reject(new NoAnswerError(givenUp));
        else reject(error instanceof NoAnswerError ? error : new NoAnswerError(`can't be reached (${codeOf(error)})`));
        sent.destroy();
      }
      // The time that a request waits for its turn does not count.
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
  const body = await readBody(
    response,
    longestAnswerBytes,
    (what) =>
      new NoAnswerError(what === "tooLong" ? `answered more than ${longestAnswerBytes} bytes` : "cut its answer off"),
  );
  return body.toString("utf8");
}
