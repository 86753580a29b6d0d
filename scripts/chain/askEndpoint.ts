import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, BlockList, type LookupFunction } from "node:net";
import { Resolver } from "node:dns/promises";
import { setMaxListeners } from "node:events";

/** How to ask a stranger's endpoint. */
export interface AskingRules {
  /** Whether the endpoint may be this machine, or one in its private network: on a local network only. */
  readonly allowPrivate: boolean;
  /** Without a whole answer in this time, asking fails. */
  readonly timeoutMilliseconds?: number;
  /** How host names are resolved; by DNS if omitted. */
  readonly resolve?: Resolve;
}

/** One request to an endpoint. */
interface EndpointRequest {
  /** Path below the endpoint's own, like "/v1/blobs/0x…". */
  readonly path: string;
  /** Sent with PUT; without it, the request is a GET. */
  readonly body?: Uint8Array;
  /** A longer answer is refused; if zero, the answer is not read. */
  readonly mostBytes: number;
}

interface EndpointAnswer {
  readonly status: number;
  readonly bytes: Uint8Array;
}

/** Enough for a megabyte at 70 kB a second. */
const defaultTimeoutMilliseconds = 15_000;

/**
 * An endpoint gave no usable answer. The message names no URL, and completes a sentence that begins with the endpoint.
 */
class EndpointError extends Error {
  override readonly name = "EndpointError";
}

/**
 * Sends one request to an endpoint that a stranger named. Follows no redirect, reads no more than asked for, and
 * connects only to public addresses unless the rules allow private ones.
 * @throws EndpointError; Node's own error if the connection fails.
 */
export async function askEndpoint(
  endpoint: string,
  { path, body, mostBytes }: EndpointRequest,
  { allowPrivate, timeoutMilliseconds = defaultTimeoutMilliseconds, resolve: find = resolveByDns }: AskingRules,
  stopping: AbortSignal,
): Promise<EndpointAnswer> {
  const url = urlBelow(endpoint, path, allowPrivate);
  // Always a new connection: the address of a reused one was not checked here.
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
  // If the host is an IP address, Node looks nothing up.
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

/** The public range of IPv6; local, mapped and translated addresses lie outside. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

/** Whether an IP address belongs to the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 6) return globalUnicast.check(address, "ipv6") && !notPublic.check(address, "ipv6");
  return isIP(address) === 4 && !notPublic.check(address, "ipv4");
}

/** Finds the addresses of a host. */
type Resolve = (hostname: string) => Promise<readonly string[]>;

/**
 * By DNS alone. The system's resolver would occupy the threads that read files, and strangers choose the name servers.
 */
const resolveByDns: Resolve = async (hostname) => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const found = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  return found.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
};

/**
 * Looks a host up for a connection, which goes only to the addresses found here: a later change of the name has no
 * effect.
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
 * The body of an HTTP answer. Stops reading if it is too long.
 * @throws The error from `tooLong`; Node's own error if the answer is cut off.
 */
export async function readBody(response: IncomingMessage, mostBytes: number, tooLong: () => Error): Promise<Buffer> {
  if (Number(response.headers["content-length"] ?? 0) > mostBytes) {
    // An unread body would hold a connection that others wait for.
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
 * Runs something with a signal that aborts as soon as any source does. In Node 20 each use of `AbortSignal.any` holds
 * some memory as long as its sources live; here those may live as long as the node.
 */
export async function withEitherSignal<T>(
  sources: readonly AbortSignal[],
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = new AbortController();
  const abort = (): void => {
    either.abort();
  };
  // Each waiting request has a listener, so many of them are no leak.
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
