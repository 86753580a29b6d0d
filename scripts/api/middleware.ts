import { type Context, type MiddlewareHandler } from "hono";
import { etag } from "hono/etag";
import { routePath } from "hono/route";
import { getConnInfo } from "@hono/node-server/conninfo";
import { rateLimiter } from "hono-rate-limiter";
import { NotFoundError } from "./problems";
import { type GivenAnswer } from "./source";

/** Lets one client, by its address, ask so often a minute; then answers 429 and when to come back. */
export function limitRequests(requestsPerMinute: number): MiddlewareHandler {
  return rateLimiter({
    windowMs: 60_000,
    limit: requestsPerMinute,
    keyGenerator: (c: Context) => getConnInfo(c).remote.address ?? "",
    message: { error: `One client may ask ${requestsPerMinute} times a minute: ask again after Retry-After seconds.` },
  });
}

/** Tags what was answered, and answers 304 where the client has it already; a problem is never a 304. */
export function tagAnswers(): MiddlewareHandler {
  const tag = etag();
  return async (c, next) => {
    await next();
    if (c.res.ok) await tag(c, () => Promise.resolve());
  };
}

/** A question about another deployment than the one served here has no answer. */
export function requireDeployment(id: string): MiddlewareHandler {
  return async (c, next) => {
    const asked = c.req.query("deployment");
    if (asked !== undefined && asked !== id) throw new NotFoundError(`Here deployment ${id} is served, not ${asked}.`);
    await next();
  };
}

/** Tells of every answer, and asks caches to ask again where an answer says nothing else. */
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
