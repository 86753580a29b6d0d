import { custom, keccak256, RpcRequestError, stringToBytes, type Transport } from "viem";
import { broadcast } from "./broadcast";
import { type Chance, Endpoint } from "./endpoint";
import { type Ask, type Endpoints, exchange, gather } from "./exchange";
import { NoAnswerError } from "./noAnswer";
import { type Call } from "./jsonRpc";
import { HeadTracker } from "./headTracker";
import { type EndpointHealth, type PoolListener } from "./poolEvents";
import { type PoolSettings } from "./settings";

/** Several endpoints as one way to the chain. */
export interface Pool {
  readonly transport: Transport;
  /** Each endpoint that is in use now, on its own: for comparing what they say. */
  alone(): readonly LoneEndpoint[];
  /**
   * Leaves the endpoint aside for minutes that answered last: what it answered can't be. The only one in use stays, unless
   * another one that was accused before gets a second chance instead.
   * @param reason What can't be.
   * @returns Whether repeating makes sense: another endpoint is in use.
   */
  readonly accuse: (reason: string) => boolean;
  /** How each endpoint is doing right now. */
  endpoints(): readonly EndpointHealth[];
  /** Closes every connection; afterwards the transport can't be used. */
  close(): void;
}

/** One endpoint of a pool, for anyone who wants to know what it says and nobody else. */
export interface LoneEndpoint {
  /** Origin of its URL. */
  readonly endpoint: string;
  /** Distinguishes it from every other, and says nothing of what its URL may hold. */
  readonly id: string;
  readonly transport: Transport;
}

/** A list of endpoints that can't be used. */
export class BadEndpointError extends Error {
  override readonly name = "BadEndpointError";
}

/**
 * Opens a pool; connections are made as they are needed, and nothing runs while nobody asks.
 * @param urls http, https, ws or wss; the earlier ones are preferred.
 * @throws BadEndpointError naming which of them is none; never the URL itself, which may hold a key.
 */
export function openPool(
  urls: readonly string[],
  settings: PoolSettings,
  onEvent: PoolListener,
  chance: Chance = { now: () => performance.now(), random: Math.random },
): Pool {
  const parsed = urls.map(parseEndpoint);
  if (parsed.length === 0) throw new BadEndpointError("No endpoint: set MDT_RPC_URL to one or more URLs.");
  const endpoints = parsed.map((url) => new Endpoint(url, settings, chance, onEvent));
  const headTracker = new HeadTracker(endpoints, settings, chance);
  let answeredLast: Endpoint | undefined;
  const onAnswer = (endpoint: Endpoint): void => {
    answeredLast = endpoint;
  };
  const pool: Endpoints = { endpoints, settings, chance, headTracker, onAnswer };
  const unheard = { ...pool, onAnswer: () => undefined };
  const lone = endpoints.map((one, i) => ({
    endpoint: one.origin,
    id: keccak256(stringToBytes(parsed[i]!.href)).slice(2, 10),
    transport: transportThrough({ ...unheard, endpoints: [one] }),
  }));
  return {
    transport: transportThrough(pool),
    alone: () => lone.filter((_, i) => endpoints[i]!.state.disabled === null),
    accuse: (reason) => answeredLast !== undefined && replaced(answeredLast, endpoints, reason),
    endpoints: () => endpoints.map((endpoint) => endpoint.health()),
    close() {
      for (const endpoint of endpoints) endpoint.close();
    },
  };
}

/** Leaves `accused` aside where another endpoint can take its place. @returns Whether one does. */
function replaced(accused: Endpoint, endpoints: readonly Endpoint[], reason: string): boolean {
  const others = endpoints.filter((endpoint) => endpoint !== accused);
  if (!others.some(({ state }) => state.disabled === null)) {
    const untilOf = ({ state: { disabled } }: Endpoint) => disabled?.until ?? 0;
    const [earliest] = others
      .filter(({ state }) => state.disabled?.kind === "contradicts")
      .sort((a, b) => untilOf(a) - untilOf(b));
    if (earliest === undefined) return false;
    earliest.markHealthy();
  }
  accused.accuse(reason);
  return true;
}

function transportThrough(pool: Endpoints): Transport {
  const ask = gather(pool.settings.callsPerBatch, (calls) => exchange(pool, calls));
  const request = async ({ method, params }: { readonly method: string; readonly params?: unknown }) => {
    // What all of them say counts for more than what the next one would.
    const chainId = method === "eth_chainId" ? await pool.headTracker.chainId() : undefined;
    return chainId ?? (await resultOf({ method, params: (params ?? []) as readonly unknown[] }, ask, pool));
  };
  return custom({ request }, { key: "pool", name: "Pool of endpoints", retryCount: 0 });
}

/** The result of one call. @throws RpcRequestError where the node answers with an error; NoAnswerError where none answers. */
async function resultOf(call: Call, ask: Ask, pool: Endpoints): Promise<unknown> {
  const answer = await (call.method === "eth_sendRawTransaction" ? broadcast(pool, call) : ask(call));
  if (answer instanceof NoAnswerError) throw answer;
  if (answer.kind === "result") return answer.result;
  throw new RpcRequestError({ body: { ...call }, error: answer.error, url: "one of several endpoints" });
}

function parseEndpoint(text: string, index: number): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^(https?|wss?):$/.test(url.protocol)) return url;
  throw new BadEndpointError(`Endpoint ${index + 1} must be a URL that begins with http:, https:, ws: or wss:.`);
}
