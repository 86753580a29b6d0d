import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { EndpointFault } from "./endpointState";
import {
  type Answer,
  BatchRefusedError,
  type Call,
  type Link,
  MalformedAnswerError,
  readAnswers,
  requestText,
} from "./jsonRpc";

/** Connections are kept and used again; more than so many at once to one endpoint only wait for each other there. */
const pooled = { keepAlive: true, maxSockets: 8 };

/**
 * JSON-RPC over HTTP or HTTPS with connections that are kept alive.
 * @param callsPerBatch A batch of more calls travels in parts. Halved for an endpoint that refuses batches of its size.
 */
export function openHttpLink(url: URL, callsPerBatch: number): Link {
  const isEncrypted = url.protocol === "https:";
  const agent = isEncrypted ? new HttpsAgent(pooled) : new HttpAgent(pooled);
  const post = isEncrypted ? requestHttps : requestHttp;
  let nextId = 1;
  let batchSize = callsPerBatch;

  async function ask(calls: readonly Call[], timeoutMilliseconds: number): Promise<readonly Answer[]> {
    if (calls.length > batchSize) return inParts(calls, timeoutMilliseconds);
    const firstId = nextId;
    nextId += calls.length;
    try {
      return answersOf(calls.length, firstId, await exchange(requestText(calls, firstId), timeoutMilliseconds));
    } catch (error) {
      if (!(error instanceof BatchRefusedError) && !(error instanceof TooLargeError)) throw asFault(error);
      if (calls.length === 1) throw new EndpointFault("malformed", error.message);
      batchSize = Math.ceil(calls.length / 2);
      return ask(calls, timeoutMilliseconds);
    }
  }

  async function inParts(calls: readonly Call[], timeoutMilliseconds: number): Promise<readonly Answer[]> {
    const size = batchSize;
    const parts = Array.from({ length: Math.ceil(calls.length / size) }, (_, i) =>
      calls.slice(i * size, (i + 1) * size),
    );
    return (await Promise.all(parts.map((part) => ask(part, timeoutMilliseconds)))).flat();
  }

  function exchange(body: string, timeoutMilliseconds: number): Promise<Exchanged> {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const sent = post(url, { method: "POST", agent, headers }, (response) => {
        const { statusCode: status = 0, headers: answered } = response;
        readWhole(response).then((text) => {
          resolve({ status, retryAfter: answered["retry-after"], text });
        }, reject);
      });
      sent.once("error", reject).end(body);
      // The time that a request waits for a connection is ours, not the endpoint's.
      sent.once("socket", () => {
        const timer = setTimeout(() => {
          reject(new EndpointFault("hangs", "gives no answer in time"));
          sent.destroy();
        }, timeoutMilliseconds);
        sent.once("close", () => {
          clearTimeout(timer);
        });
      });
    });
  }

  return {
    ask,
    close() {
      agent.destroy();
    },
  };
}

/** What came over the wire. */
interface Exchanged {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** The endpoint finds the batch too large: HTTP 413. */
class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

/** Some nodes send honest JSON-RPC errors with status 400, or 500, so what can be read counts before the status. */
function answersOf(count: number, firstId: number, { status, retryAfter, text }: Exchanged): readonly Answer[] {
  if (status === 413) throw new TooLargeError("answers 413 to a single call");
  if (status === 429) throw new EndpointFault("limited", "answers 429", retryAfterOf(retryAfter));
  if (status === 401 || status === 403) throw new EndpointFault("denied", `answers ${status}`);
  if (status > 500) throw new EndpointFault("serverError", `answers ${status}`, retryAfterOf(retryAfter));
  try {
    return readAnswers(count, firstId, text);
  } catch (error) {
    if (status === 200 || error instanceof BatchRefusedError) throw error;
    throw new EndpointFault(status === 500 ? "serverError" : "malformed", `answers ${status}`);
  }
}

/** Milliseconds from a Retry-After header, which holds seconds or a date (RFC 9110, 10.2.3). */
function retryAfterOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return milliseconds > 0 ? milliseconds : undefined;
}

function asFault(error: unknown): EndpointFault {
  if (error instanceof EndpointFault) return error;
  if (error instanceof MalformedAnswerError) return new EndpointFault("malformed", error.message);
  const { name, code } = error as { readonly name: string; readonly code?: string };
  return new EndpointFault("unreachable", `can't be reached (${code ?? name})`);
}

/** Longer than any batch of answers or chunk of logs that is asked for; more would only fill the memory. */
export const longestAnswerBytes = 64 * 1024 * 1024;

/**
 * The whole body of an answer.
 * @throws MalformedAnswerError where it is cut off, or longer than `longestAnswerBytes`.
 */
async function readWhole(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestAnswerBytes)
      throw new MalformedAnswerError(`an answer is longer than ${longestAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  if (!response.complete) throw new MalformedAnswerError("an answer was cut off");
  return Buffer.concat(chunks).toString("utf8");
}
