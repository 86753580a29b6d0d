import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, BlockList, type LookupFunction } from "node:net";
import { Resolver } from "node:dns/promises";
import { setMaxListeners } from "node:events";

/** How a stranger's endpoint is asked. */
export interface AskingRules {
  /** Whether it may be a machine of this one's own network, or this machine: on a local network alone. */
  readonly allowPrivate: boolean;
  /** After this time without a whole answer it has none. */
  readonly timeoutMilliseconds?: number;
  /** How hosts are found; by DNS where it is missing. */
  readonly resolve?: Resolve;
}

/** What an endpoint is asked. */
interface EndpointRequest {
  /** Below the endpoint's own path, as "/v1/blobs/0x…". */
  readonly path: string;
  /** Sent with PUT; asked for with GET where it is missing. */
  readonly body?: Uint8Array;
  /** A longer answer is none; of zero bytes nothing is read. */
  readonly mostBytes: number;
}

interface EndpointAnswer {
  readonly status: number;
  readonly bytes: Uint8Array;
}

/** For a megabyte at 70 kB a second. */
const defaultTimeoutMilliseconds = 15_000;

/**
 * An endpoint gave no answer that can be used. Its message names no URL, and is the rest of a sentence that begins with
 * the endpoint.
 */
class EndpointError extends Error {
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
      const tooLong = (): Error => new EndpointError(`sent more than ${mostBytes} bytes`);
      const read = mostBytes === 0 ? Promise.resolve(Buffer.alloc(0)) : readBody(response, mostBytes, tooLong);
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

/** Why asking failed, as the rest of a sentence that begins with the endpoint; it names no URL. */
export function askingProblem(error: unknown): string {
  if (error instanceof EndpointError) return error.message;
  const { code, name } = error as NodeJS.ErrnoException;
  return `can't be reached (${code ?? name})`;
}

/** @throws EndpointError if the endpoint may not be asked. */
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

const notPublic = new BlockList();
for (const subnet of [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10", // shared by a provider's customers
  "127.0.0.0/8",
  "168.63.129.16/32", // metadata of Azure's machines
  "169.254.0.0/16", // link-local, and metadata of most clouds' machines
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3", // multicast, reserved, broadcast
  "2001::/23", // among them Teredo, which leads to any IPv4 address
  "2001:db8::/32",
  "2002::/16", // 6to4, likewise
  "3fff::/20",
]) {
  const [network, bits] = subnet.split("/") as [string, string];
  notPublic.addSubnet(network, Number(bits), isIP(network) === 6 ? "ipv6" : "ipv4");
}

/** All of IPv6 that is given to the public; local, mapped and translated addresses lie outside. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 6) return globalUnicast.check(address, "ipv6") && !notPublic.check(address, "ipv6");
  return isIP(address) === 4 && !notPublic.check(address, "ipv4");
}

/** The addresses of a host. */
type Resolve = (hostname: string) => Promise<readonly string[]>;

/** By DNS alone. Unlike the system's way it takes no thread of those that read files: strangers choose the name servers. */
const resolveByDns: Resolve = async (hostname) => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const found = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  return found.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
};

/**
 * Looks a host up for a connection, which goes to the addresses that this gives and to no others: what the name means a
 * moment later does not matter.
 */
export function publicLookup(resolve: Resolve): LookupFunction {
  return (hostname, { all }, callback) => {
    void resolve(hostname)
      .catch(() => [])
      .then((found) => {
        const addresses = found.filter(isPublicAddress).map((address) => ({ address, family: isIP(address) }));
        const [first] = addresses;
        if (first === undefined) callback(new EndpointError("has no public address"), "", 0);
        else if (all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      });
  };
}

/**
 * The body of an answer over HTTP; of one that is too long the rest is not read.
 * @throws What `tooLong` makes; and Node's own error where the answer is cut off.
 */
export async function readBody(response: IncomingMessage, mostBytes: number, tooLong: () => Error): Promise<Buffer> {
  if (Number(response.headers["content-length"] ?? 0) > mostBytes) {
    // A body that nobody reads keeps a connection that others wait for.
    response.destroy();
    throw tooLong();
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Runs something with a signal that comes when one of others does. In Node 20 `AbortSignal.any` leaves some memory behind for
 * each use, for as long as its sources live; here those may live as long as the node.
 */
export async function withEitherSignal<T>(
  sources: readonly AbortSignal[],
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = new AbortController();
  const abort = (): void => {
    either.abort();
  };
  // As many listeners as there are questions that wait are no mistake.
  setMaxListeners(0, ...sources);
  for (const source of sources) {
    if (source.aborted) abort();
    source.addEventListener("abort", abort, { once: true });
  }
  try {
    return await run(either.signal);
  } finally {
    for (const source of sources) source.removeEventListener("abort", abort);
  }
}
