import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import { type Hex } from "viem";
import { maxBlobBytes } from "./blob";
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

/** For a megabyte at 70 kB a second. */
const defaultTimeoutMilliseconds = 15_000;

/** An endpoint gave no answer that can be used. Its message names no URL. */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
}

/**
 * Sends one request for a blob to an endpoint that a stranger named. It follows no redirect, reads at most `maxBlobBytes`, and
 * connects to public addresses only unless the rules say otherwise.
 * @param body Sent with PUT; asked for with GET where it is missing.
 * @returns The status, and the body where that is 200.
 * @throws EndpointError, and whatever Node says of a connection that fails.
 */
export async function exchangeBlob(
  endpoint: string,
  hash: Hex,
  body: Uint8Array | undefined,
  rules: AskingRules,
  stopping: AbortSignal,
): Promise<{ readonly status: number; readonly bytes: Uint8Array }> {
  const url = blobUrl(endpoint, hash, rules.allowPrivate);
  const { allowPrivate, timeoutMilliseconds = defaultTimeoutMilliseconds, resolve: find = resolveByDns } = rules;
  const method = body === undefined ? "GET" : "PUT";
  const headers = body === undefined ? {} : { "Content-Type": "application/octet-stream" };
  // A connection of its own: another one's would not have been looked up here.
  const ways = {
    method,
    headers,
    agent: false,
    signal: stopping,
    ...(allowPrivate ? {} : { lookup: publicLookup(find) }),
  };
  return new Promise((resolve, reject) => {
    let hasAnswered = false;
    const sent = (url.protocol === "https:" ? requestHttps : requestHttp)(url, ways, (response) => {
      hasAnswered = true;
      const status = response.statusCode ?? 0;
      const read = status === 200 && method === "GET" ? readBounded(response) : Promise.resolve(Buffer.alloc(0));
      void read
        .then((bytes) => {
          resolve({ status, bytes });
        }, reject)
        .finally(() => sent.destroy());
    });
    const timer = setTimeout(() => {
      sent.destroy(new EndpointError("gives no whole answer in time"));
    }, timeoutMilliseconds);
    sent.on("error", reject);
    sent.once("close", () => {
      clearTimeout(timer);
      if (!hasAnswered) reject(new EndpointError("closed the connection"));
    });
    sent.end(body);
  });
}

/** @throws EndpointError where the endpoint may not be asked. */
function blobUrl(endpoint: string, hash: Hex, allowPrivate: boolean): URL {
  if (!URL.canParse(endpoint)) throw new EndpointError("is no URL");
  const url = new URL(endpoint);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new EndpointError("is neither http nor https");
  if (url.username !== "" || url.password !== "") throw new EndpointError("has a user or a password");
  // Where the host is an address, Node looks nothing up.
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) throw new EndpointError("has no public address");
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/blobs/${hash}`;
  url.search = url.hash = "";
  return url;
}

/** @throws EndpointError where the body is too long or cut off. */
async function readBounded(response: IncomingMessage): Promise<Uint8Array> {
  const tooLong = new EndpointError(`sends more than ${maxBlobBytes} bytes`);
  if (Number(response.headers["content-length"] ?? 0) > maxBlobBytes) throw tooLong;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBlobBytes) throw tooLong;
    chunks.push(chunk);
  }
  if (!response.complete) throw new EndpointError("cut the answer off");
  return Buffer.concat(chunks);
}
