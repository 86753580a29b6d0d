import { custom, keccak256, RpcRequestError, stringToBytes, type Transport, type Hex } from "viem";
import { type Chance, Endpoint, HeadTracker } from "./endpoint";
import { type Ask, type Endpoints, exchange, gather } from "./exchange";
import { NoAnswerError } from "../badAnswers";
import { type Call, type Answer } from "./jsonRpc";
import { type EndpointHealth, type PoolListener, backoffMilliseconds, EndpointFault } from "./endpointState";
import { type PoolSettings } from "./settings";
import { setTimeout as sleep } from "node:timers/promises";
import { answerToSending, classify } from "../nodeErrors";
import { flawOf } from "./shapes";

/** Several endpoints as one transport. */
export interface Pool {
  readonly transport: Transport;
  /** Each endpoint that is in use now, on its own: for comparing what they say. */
  alone(): readonly LoneEndpoint[];
  /**
   * Disables the endpoint that answered last for some minutes, because its answer is impossible. The only one in use
   * stays, unless another one that was accused before gets a second chance instead.
   * @param reason What is impossible.
   * @returns Whether repeating makes sense: another endpoint is in use.
   */
  readonly accuse: (reason: string) => boolean;
  /** How each endpoint is doing right now. */
  endpoints(): readonly EndpointHealth[];
  /** Closes every connection; afterwards the transport can't be used. */
  close(): void;
}

/** One endpoint of a pool, for callers who want only its own answers. */
export interface LoneEndpoint {
  /** Origin of its URL. */
  readonly endpoint: string;
  /** Distinguishes it from every other, and reveals nothing of its URL. */
  readonly id: string;
  readonly transport: Transport;
}

/** A list of endpoints that can't be used. */
export class BadEndpointError extends Error {
  override readonly name = "BadEndpointError";
}

/**
 * Opens a pool. Connections are made as they are needed, and nothing runs between calls.
 * @param urls http, https, ws or wss; the earlier ones are preferred.
 * @throws BadEndpointError naming the position of a bad URL; never the URL itself, which may hold a key.
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

/** Disables `accused` if another endpoint can take its place. @returns Whether one does. */
function replaced(accused: Endpoint, endpoints: readonly Endpoint[], reason: string): boolean {
  const others = endpoints.filter((endpoint) => endpoint !== accused);
  if (!others.some(({ state }) => state.disabled === null)) {
    const [earliest] = others
      .filter(({ state }) => state.disabled?.kind === "contradicts")
      .sort((a, b) => a.state.disabled!.until - b.state.disabled!.until);
    if (earliest === undefined) return false;
    earliest.markHealthy();
  }
  accused.accuse(reason);
  return true;
}

function transportThrough(pool: Endpoints): Transport {
  const ask = gather(pool.settings.callsPerBatch, (calls) => exchange(pool, calls));
  const request = async ({ method, params }: { readonly method: string; readonly params?: unknown }) => {
    // What the endpoints agreed on counts more than the next one's answer.
    const chainId = method === "eth_chainId" ? await pool.headTracker.chainId() : undefined;
    return chainId ?? (await resultOf({ method, params: (params ?? []) as readonly unknown[] }, ask, pool));
  };
  return custom({ request }, { key: "pool", name: "Pool of endpoints", retryCount: 0 });
}

/** The result of one call. @throws RpcRequestError if the node answers with an error; NoAnswerError if none answers. */
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

/** An endpoint's answer to a signed transaction; null if it gave none that counts. */
type Said = { readonly answer: Answer; readonly isDecisive: boolean } | null;

/**
 * Sends a signed transaction to every endpoint in use at once, so that no endpoint that hangs or drops it keeps it from
 * being mined. The bytes are the same, so it is one transaction, and the first endpoint that accepts it is enough.
 * @returns A refusal only if all refuse.
 */
export async function broadcast(pool: Endpoints, call: Call): Promise<Answer | NoAnswerError> {
  const { endpoints, headTracker, settings, chance } = pool;
  let guess: Answer | undefined;
  for (let attempt = 1; ; attempt++) {
    await headTracker.keepUp();
    const inUse = endpoints.filter(({ state }) => state.disabled === null);
    const said = await firstToTake(inUse.map((endpoint) => handTo(endpoint, call, pool)));
    const best = said.find((one) => one?.isDecisive === true);
    if (best) return best.answer;
    guess = said.find((one) => one !== null)?.answer ?? guess;
    if (attempt === settings.attempts) return guess ?? nobodyTook(endpoints);
    const asked = endpoints.map(({ state }) => ({ state, tried: true, refuses: false }));
    await sleep(backoffMilliseconds(asked, attempt, chance.random()));
  }
}

/** The answer of the first endpoint that accepts it, as soon as it comes; all answers if none accepts it. */
async function firstToTake(handed: readonly Promise<Said>[]): Promise<readonly Said[]> {
  const takers = handed.map(async (one) => {
    const said = await one;
    if (said?.answer.kind !== "result") throw new Error("It was not accepted.");
    return said;
  });
  return Promise.any(takers).then(
    (taken) => [taken],
    () => Promise.all(handed),
  );
}

async function handTo(endpoint: Endpoint, call: Call, pool: Endpoints): Promise<Said> {
  const blame = (fault: EndpointFault): null => {
    endpoint.blame(fault, call.method);
    return null;
  };
  let answer: Answer;
  try {
    [answer] = (await endpoint.ask([call])) as readonly [Answer];
  } catch (error) {
    if (error instanceof EndpointFault) return null;
    throw error;
  }
  if (answer.kind === "result") {
    const flaw = flawOf(call, answer.result);
    return flaw === undefined ? { answer, isDecisive: true } : blame(new EndpointFault("malformed", flaw));
  }
  const meant = await answerToSending(call, answer, (hash) => isOnChain(pool, hash));
  if (meant.kind === "result") return { answer: meant, isDecisive: true };
  const found = classify(call, answer.error);
  if (found.kind === "fault" || found.kind === "eitherLimit") return blame(found.fault);
  return answer.fault === undefined ? { answer, isDecisive: found.kind !== "elsewhere" } : blame(answer.fault);
}

async function isOnChain(pool: Endpoints, hash: Hex): Promise<boolean> {
  const question = { method: "eth_getTransactionByHash", params: [hash] };
  // This answer must not decide which endpoint is accused.
  const [found] = await exchange({ ...pool, onAnswer: () => undefined }, [question]);
  return found !== undefined && "kind" in found && found.kind === "result" && found.result !== null;
}

function nobodyTook(endpoints: readonly Endpoint[]): NoAnswerError {
  const failures = endpoints.map(({ origin, state }) => `${origin} ${state.disabled?.reason ?? "failed too often"}`);
  return new NoAnswerError(`No endpoint accepted the transaction: ${failures.join("; ")}.`);
}
