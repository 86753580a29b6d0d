import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import { isPublicAddress, publicLookup, resolveByDns, type Resolve } from "./publicAddress";

/** How a stranger's endpoint is asked. */
export interface AskingRules {
  /** Whether it may be a machine of this one's own network, or this machine: on a local network alone. */
  readonly allowPrivate: boolean;
  /** After so long without a whole answer it has none. */
  readonly timeoutMilliseconds?: number;
  /** How hosts are found; by DNS where it is missing. */
  readonly resolve?: Resolve;
}

/** What an endpoint is asked. */
export interface EndpointRequest {
  /** Below the endpoint's own path, as "/v1/blobs/0x…". */
  readonly path: string;
  /** Sent with PUT; asked for with GET where it is missing. */
  readonly body?: Uint8Array;
  /** A longer answer is none; of zero bytes nothing is read. */
  readonly mostBytes: number;
}

export interface EndpointAnswer {
  readonly status: number;
  readonly bytes: Uint8Array;
}

/** For a megabyte at 70 kB a second. */
const defaultTimeoutMilliseconds = 15_000;

/** An endpoint gave no answer that can be used. Its message names no URL, and goes on a sentence that begins with the endpoint. */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
}

/**
 * Sends one request to an endpoint that a stranger named. It follows no redirect, reads no more than asked for, and connects
 * to public addresses only unless the rules say otherwise.
 * @throws EndpointError, and whatever Node says of a connection that fails.
 */
export async function askEndpoint(
  endpoint: string,
  { path, body, mostBytes }: EndpointRequest,
  { allowPrivate, timeoutMilliseconds = defaultTimeoutMilliseconds, resolve: find = resolveByDns }: AskingRules,
  stopping: AbortSignal,
): Promise<EndpointAnswer> {
  const url = urlBelow(endpoint, path, allowPrivate);
  // A connection of its own: another one's would not have been looked up here.
  const ways = {
    method: body === undefined ? "GET" : "PUT",
    headers: body === undefined ? {} : { "Content-Type": "application/octet-stream" },
    agent: false,
    signal: stopping,
    ...(allowPrivate ? {} : { lookup: publicLookup(find) }),
  };
  return new Promise((resolve, reject) => {
    let hasAnswered = false;
    const sent = (url.protocol === "https:" ? requestHttps : requestHttp)(url, ways, (response) => {
      hasAnswered = true;
      const status = response.statusCode ?? 0;
      const read = mostBytes === 0 ? Promise.resolve(Buffer.alloc(0)) : readBounded(response, mostBytes);
      void read
        .then((bytes) => {
          resolve({ status, bytes });
        }, reject)
        .finally(() => sent.destroy());
    });
    const timer = setTimeout(() => {
      sent.destroy(new EndpointError("did not answer completely in time"));
    }, timeoutMilliseconds);
    sent.on("error", reject);
    sent.once("close", () => {
      clearTimeout(timer);
      if (!hasAnswered) reject(new EndpointError("closed the connection"));
    });
    sent.end(body);
  });
}

/** Why asking failed, as a sentence goes on that begins with the endpoint; it names no URL. */
export function askingProblem(error: unknown): string {
  if (error instanceof EndpointError) return error.message;
  const { code, name } = error as NodeJS.ErrnoException;
  return `can't be reached (${code ?? name})`;
}

/** @throws EndpointError where the endpoint may not be asked. */
function urlBelow(endpoint: string, path: string, allowPrivate: boolean): URL {
  if (!URL.canParse(endpoint)) throw new EndpointError("is not a URL");
  const url = new URL(endpoint);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new EndpointError("is neither http nor https");
  if (url.username !== "" || url.password !== "") throw new EndpointError("contains a user name or password");
  // Where the host is an address, Node looks nothing up.
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) throw new EndpointError("has no public address");
  url.pathname = `${url.pathname.replace(/\/+$/, "")}${path}`;
  url.search = url.hash = "";
  return url;
}

/** @throws EndpointError where the body is too long or cut off. */
async function readBounded(response: IncomingMessage, mostBytes: number): Promise<Uint8Array> {
  const tooLong = new EndpointError(`sent more than ${mostBytes} bytes`);
  if (Number(response.headers["content-length"] ?? 0) > mostBytes) throw tooLong;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) throw tooLong;
    chunks.push(chunk);
  }
  if (!response.complete) throw new EndpointError("cut the answer off");
  return Buffer.concat(chunks);
}
