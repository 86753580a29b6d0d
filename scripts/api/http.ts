/** What every answer has in common: how often a client may ask, tags, caching, and problems. */
import { type Context, type MiddlewareHandler } from "hono";
import { etag } from "hono/etag";
import { routePath } from "hono/route";
import { getConnInfo } from "@hono/node-server/conninfo";
import { BaseError } from "viem";
import { ChainReplacedError, isContradiction, MissingEventsError } from "../chain/badAnswers";
import { NotDeployedError } from "../chain/deployment";
import { SettlementDiffersError } from "../keeper/settle/epochInputs";
import { type z } from "@hono/zod-openapi";
import { isIPv6 } from "node:net";

/** Questions that cost much more than others, and how many ordinary ones each counts as. */
const dearQuestions: readonly (readonly [path: RegExp, cost: number])[] = [
  [/\/report\/whole$/, 20],
  [/\/income\.csv$/, 20],
];

/** Lets each client, by its address, ask this often per minute; then answers 429 and when to ask again. */
export function limitRequests(requestsPerMinute: number): MiddlewareHandler {
  const budgets = new Budgets(requestsPerMinute, () => performance.now());
  return async (c, next) => {
    const cost = dearQuestions.find(([path]) => path.test(c.req.path))?.[1] ?? 1;
    const waitSeconds = budgets.spend(clientOf(getConnInfo(c).remote.address ?? ""), cost);
    if (waitSeconds === 0) return next();
    c.header("Retry-After", String(waitSeconds));
    const counts = cost === 1 ? "" : `, and this one counts as ${cost}`;
    const error = `A client may send ${requestsPerMinute} requests a minute${counts}: ask again after Retry-After seconds.`;
    return c.json({ error }, 429);
  };
}

/** Tags answers, and answers 304 if the client has the answer already; a problem is never a 304. */
export function tagAnswers(): MiddlewareHandler {
  const tag = etag();
  return async (c, next) => {
    await next();
    if (c.res.ok) await tag(c, () => Promise.resolve());
  };
}

/** Refuses questions about another deployment than the one served here. */
export function requireDeployment(id: string): MiddlewareHandler {
  return async (c, next) => {
    const asked = c.req.query("deployment");
    if (asked !== undefined && asked !== id)
      throw new NotFoundError(`This server serves deployment ${id}, not ${asked}.`);
    await next();
  };
}

/** An answer that was given, for anyone who counts them. */
export interface GivenAnswer {
  /** The route as in /openapi.json, but with ":" instead of braces; "other" if there is none. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
  /** What went wrong, if the status is 500 or above. */
  readonly error: unknown;
}

/** Reports every answer, and tells caches to ask again unless an answer says something else. */
export function reportAnswers(onAnswer: (answer: GivenAnswer) => void): MiddlewareHandler {
  return async (c, next) => {
    const started = performance.now();
    await next();
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-cache");
    const route = routePath(c, -1);
    onAnswer({
      route: route.includes("*") ? "other" : route,
      status: c.res.status,
      seconds: (performance.now() - started) / 1_000,
      error: c.error,
    });
  };
}

/** A client that names the deployment may keep a final answer for ever. */
const forGood = "public, max-age=31536000, immutable";

/** Everything else may be kept, but must be asked about each time: an unchanged answer is a 304 without a body. */
const askEachTime = "no-cache";

/**
 * Says how long an answer may be kept. Another deployment may be served under the same URL one day, so only an answer
 * to a question that names its deployment may be kept for ever.
 * @param isFinal Whether the answer can no longer change.
 */
export function sayHowLong(c: Context, isFinal: boolean): void {
  c.header("Cache-Control", isFinal && c.req.query("deployment") !== undefined ? forGood : askEachTime);
}

/** What was asked for does not exist: 404. */
export class NotFoundError extends Error {
  override readonly name = "NotFoundError";
}

/** What was asked for is not available now, but may be later: 503. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
  /** @param retryAfterSeconds Seconds after which asking again makes sense. */
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}

/** An answer that is not a success: its status, one sentence, and when to ask again. */
export interface Problem {
  readonly status: 404 | 500 | 503;
  readonly sentence: string;
  readonly retryAfterSeconds?: number;
}

/** Seconds after which clients should ask again if the chain does not answer. */
const chainRetrySeconds = 5;

/**
 * What to answer if something failed. An endpoint's URL may hold a key, so no part of an RPC error that may hold one is
 * passed on.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof NotFoundError) return { status: 404, sentence: error.message };
  if (error instanceof UnavailableError) {
    return { status: 503, sentence: error.message, retryAfterSeconds: error.retryAfterSeconds };
  }
  const passing = [SettlementDiffersError, NotDeployedError, MissingEventsError];
  if (error instanceof Error && passing.some((kind) => error instanceof kind)) {
    return { status: 503, sentence: error.message, retryAfterSeconds: chainRetrySeconds };
  }
  const replaced = error instanceof BaseError ? error.walk((cause) => cause instanceof ChainReplacedError) : null;
  if (replaced instanceof ChainReplacedError) {
    return { status: 503, sentence: replaced.shortMessage, retryAfterSeconds: chainRetrySeconds };
  }
  if (error instanceof BaseError || isContradiction(error)) {
    const sentence = "The server can't read the chain right now. Ask again shortly.";
    return { status: 503, sentence, retryAfterSeconds: chainRetrySeconds };
  }
  return { status: 500, sentence: "Internal error. Your request is fine; the operator's log has the cause." };
}

/** Why a question is refused, in one sentence that names the field. */
export function refusalOf(c: Context, { issues }: z.ZodError): string {
  const issue = issues[0]!;
  if (issue.code === "unrecognized_keys")
    return `${c.req.path} does not accept the field "${issue.keys.join('", "')}": see /openapi.json.`;
  return `"${issue.path.join(".")}" ${issue.code === "invalid_type" ? "must be given once" : issue.message}.`;
}

/** What counts as one client: an IPv4 address, even if written as an IPv6 one, or the IPv6 /64 that one line gets. */
export function clientOf(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  const isMapped = groups.slice(0, 6).join() === "0,0,0,0,0,65535";
  if (isMapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 255])
      .join(".");
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

/** The eight groups of an IPv6 address, read as a URL has it: in hexadecimal digits only. */
function groupsOf(address: string): readonly number[] {
  const { hostname } = new URL(`http://[${address.replace(/%.*/, "")}]`);
  const [head = [], tail] = hostname
    .slice(1, -1)
    .split("::")
    .map((part) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16))));
  return tail === undefined ? head : [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** Most clients that are remembered, in about 10 MB; forgotten ones count as new. */
const mostClients = 50_000;

/** What each client may still ask: a whole minute's worth at once, which refills over time. */
export class Budgets {
  /** What each client had left, and when; the client that asked last comes last. */
  readonly #left = new Map<string, { readonly questions: number; readonly at: number }>();

  /**
   * @param perMinute What a client may ask in a minute.
   * @param now A clock that only moves forward, in milliseconds.
   */
  constructor(
    private readonly perMinute: number,
    private readonly now: () => number,
  ) {}

  /**
   * Lets a client ask, if it may.
   * @param cost How many ordinary questions this one counts as; at most a whole minute's worth.
   * @returns Seconds until it may ask; 0 if it may now.
   */
  spend(client: string, cost: number): number {
    const now = this.now();
    this.#forget(now);
    const { questions, at } = this.#left.get(client) ?? { questions: this.perMinute, at: now };
    const left = Math.min(this.perMinute, questions + ((now - at) * this.perMinute) / 60_000);
    const missing = Math.min(cost, this.perMinute) - left;
    this.#left.delete(client);
    this.#left.set(client, { questions: missing > 0 ? left : -missing, at: now });
    return missing > 0 ? Math.ceil((missing * 60) / this.perMinute) : 0;
  }

  /** How many clients are remembered. */
  get clients(): number {
    return this.#left.size;
  }

  /** Forgets clients whose budget is full again, and, if there are too many, those that asked longest ago. */
  #forget(now: number): void {
    for (const [client, { at }] of this.#left) {
      if (now - at < 60_000 && this.#left.size <= mostClients) return;
      this.#left.delete(client);
    }
  }
}
