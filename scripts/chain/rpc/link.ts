/** The wire to an endpoint: HTTP or a WebSocket. */
import { Agent as HttpAgent, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { readBody } from "../askEndpoint";
import { tooLongCode, classify } from "../nodeErrors";
import { EndpointFault } from "./endpointState";
import {
  type Answer,
  BatchRefusedError,
  type Call,
  type Link,
  MalformedAnswerError,
  readAnswers,
  requestText,
  readAnswer,
} from "./jsonRpc";
import { getWebSocketRpcClient, type SocketRpcClient } from "viem/utils";

/** Connections are kept and used again; more than this many to one endpoint would only wait for each other there. */
const pooled = { keepAlive: true, maxSockets: 8 };

/**
 * JSON-RPC over HTTP or HTTPS with connections that are kept alive.
 * @param callsPerBatch A batch of more calls travels in parts. Halved for an endpoint that refuses batches of this
 * size.
 */
export function openHttpLink(url: URL, callsPerBatch: number): Link {
  const agent = url.protocol === "https:" ? new HttpsAgent(pooled) : new HttpAgent(pooled);
  const exchange = exchangeWith(url, agent);
  let nextId = 1;
  let batchSize = callsPerBatch;

  async function ask(calls: readonly Call[], timeoutMilliseconds: number): Promise<readonly Answer[]> {
    if (calls.length > batchSize) return inParts(calls, batchSize, timeoutMilliseconds);
    const firstId = nextId;
    nextId += calls.length;
    try {
      return answersOf(calls.length, firstId, await exchange(requestText(calls, firstId), timeoutMilliseconds));
    } catch (error) {
      const isOfBatch = error instanceof BatchRefusedError;
      if (!isOfBatch && !(error instanceof TooLargeError)) throw asFault(error);
      // After asking too often, asking in parts would not help.
      if (isOfBatch && classify(calls[0]!, error.error).kind === "fault")
        return calls.map(() => ({ kind: "error", error: error.error }));
      return calls.length > 1 ? inHalves(calls, timeoutMilliseconds) : [refusalOf(error)];
    }
  }

  /** Batches stay small only if that helped: if a part is refused too, the batch's size was not the cause. */
  async function inHalves(calls: readonly Call[], timeoutMilliseconds: number): Promise<readonly Answer[]> {
    const size = Math.ceil(calls.length / 2);
    const answers = await inParts(calls, size, timeoutMilliseconds);
    if (answers.every(({ kind }) => kind === "result")) batchSize = Math.min(batchSize, size);
    return answers;
  }

  async function inParts(
    calls: readonly Call[],
    size: number,
    timeoutMilliseconds: number,
  ): Promise<readonly Answer[]> {
    const parts = Array.from({ length: Math.ceil(calls.length / size) }, (_, i) =>
      calls.slice(i * size, (i + 1) * size),
    );
    return (await Promise.all(parts.map((part) => ask(part, timeoutMilliseconds)))).flat();
  }

  return {
    ask,
    close() {
      agent.destroy();
    },
  };
}

/** Sends a body, and waits for the whole response. */
type Exchange = (body: string, timeoutMilliseconds: number) => Promise<Exchanged>;

function exchangeWith(url: URL, agent: HttpAgent): Exchange {
  const post = url.protocol === "https:" ? requestHttps : requestHttp;
  return (body, timeoutMilliseconds) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const sent = post(url, { method: "POST", agent, headers }, (response) => {
        const { statusCode: status = 0, headers: answered } = response;
        readBody(response, longestAnswerBytes, tooLong).then((body) => {
          resolve({ status, retryAfter: answered["retry-after"], text: body.toString("utf8") });
        }, reject);
      });
      sent.once("error", reject).end(body);
      // The time that a request waits for a connection is ours, not the endpoint's.
      sent.once("socket", () => {
        const timer = setTimeout(() => {
          reject(new EndpointFault("hangs", "did not answer in time"));
          sent.destroy();
        }, timeoutMilliseconds);
        sent.once("close", () => {
          clearTimeout(timer);
        });
      });
    });
  };
}

/** What came over the wire. */
interface Exchanged {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** The endpoint finds the question too large (HTTP 413), or its answer is longer than may be read. */
class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

/**
 * The answer to a single call that is refused for its size; the endpoint's fault only if the call can't be made
 * smaller.
 */
function refusalOf({ message }: Error): Answer {
  return { kind: "error", error: { code: tooLongCode, message }, fault: new EndpointFault("malformed", message) };
}

/** Nodes send honest JSON-RPC errors with any status, so a readable body counts before the status. */
function answersOf(count: number, firstId: number, { status, retryAfter, text }: Exchanged): readonly Answer[] {
  if (status === 429) throw new EndpointFault("limited", "answers 429", retryAfterOf(retryAfter));
  const fault = faultOf(status, retryAfter);
  try {
    const answers = readAnswers(count, firstId, text);
    return fault === undefined ? answers : answers.map((answer) => ({ ...answer, fault }));
  } catch (error) {
    if (status === 200) throw error;
    if (status === 413) throw new TooLargeError("answered 413 to a single call");
    if (fault !== undefined) throw fault;
    if (error instanceof BatchRefusedError) throw error;
    throw new EndpointFault(status === 500 ? "serverError" : "malformed", `answers ${status}`);
  }
}

/** What a status says is wrong, whatever the body is; undefined if nothing. */
function faultOf(status: number, retryAfter: string | undefined): EndpointFault | undefined {
  if (status === 401 || status === 403) return new EndpointFault("denied", `answers ${status}`);
  if (status > 500) return new EndpointFault("serverError", `answers ${status}`, retryAfterOf(retryAfter));
  return undefined;
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
  if (error instanceof SyntaxError) return new EndpointFault("malformed", "sent a message that is not JSON");
  // A broken socket reports an event, which has neither.
  const { name = "closed", code } = error as { readonly name?: string; readonly code?: string };
  return new EndpointFault("unreachable", `can't be reached (${code ?? name})`);
}

/** Longer than any batch of answers or chunk of logs that is asked for; more would only fill the memory. */
export const longestAnswerBytes = 64 * 1024 * 1024;

const tooLong = (): Error => new TooLargeError(`answered more than ${longestAnswerBytes} bytes`);

/** Providers close a socket that is silent for a minute. */
const keepAlive = { interval: 30_000 };

/** JSON-RPC over one WebSocket, which is opened when it is needed and again after it broke. */
export function openSocketLink(url: URL): Link {
  let opening: Promise<SocketRpcClient<WebSocket>> | undefined;

  function socket(): Promise<SocketRpcClient<WebSocket>> {
    opening ??= getWebSocketRpcClient(url.href, { reconnect: false, keepAlive });
    return opening;
  }

  /** Closes a broken socket: the next call opens a new one. */
  function drop(broken: typeof opening): void {
    if (opening === broken) opening = undefined;
    broken?.then(
      (client) => {
        client.close();
      },
      () => undefined,
    );
  }

  return {
    async ask(calls, timeoutMilliseconds) {
      const used = socket();
      try {
        const asked = used.then((client) =>
          Promise.all(
            calls.map(async ({ method, params }) =>
              readAnswer(await client.requestAsync({ body: { method, params }, timeout: timeoutMilliseconds })),
            ),
          ),
        );
        return await inTime(asked, timeoutMilliseconds);
      } catch (error) {
        drop(used);
        throw asFault(error);
      }
    },
    close() {
      drop(opening);
    },
  };
}

/** Limits the time of opening and asking: opening a socket can hang too. */
async function inTime<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new EndpointFault("hangs", "did not answer in time"));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
