import { type Context } from "hono";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
import { OpenAPIHono } from "@hono/zod-openapi";
import { getConnInfo } from "@hono/node-server/conninfo";
import { rateLimiter } from "hono-rate-limiter";
import { accountView } from "./accountView";
import { EpochStore } from "./epochStore";
import { epochView } from "./epochView";
import { Heads } from "./heads";
import { networkView } from "./networkView";
import { peopleView } from "./peopleView";
import { problemOf } from "./problems";
import { addEpochRoutes } from "./routes/epochRoutes";
import { addNetworkRoutes } from "./routes/networkRoutes";
import { addPeopleRoutes } from "./routes/peopleRoutes";
import { refusalOf } from "./routes/refusal";
import { SavedTrees } from "./savedTrees";
import { type ApiSettings, type ApiSource, defaultApiSettings } from "./source";

/**
 * A read-only HTTP API over one deployment: epochs, rewards with their proofs, validators, miners, policy, supply. It
 * describes itself at /openapi.json, by the schemas that its handlers answer with. Nothing in it can send or sign.
 */
export function createApi(source: ApiSource, settings: ApiSettings = defaultApiSettings): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, c) => (result.success ? undefined : c.json({ error: refusalOf(c, result.error) }, 400)),
  });
  app.use(cors({ origin: "*", allowMethods: ["GET", "HEAD"], exposeHeaders: ["ETag", "Retry-After"] }));
  app.use(etag());
  app.use(limiter(settings.requestsPerMinute));
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-cache");
  });

  const heads = new Heads(source.connection.reader, {
    maxAgeMilliseconds: settings.headAgeMilliseconds,
    now: () => performance.now(),
  });
  const store = new EpochStore(source, settings.patienceMilliseconds);
  const epochs = epochView(source, heads, store);
  addNetworkRoutes(app, networkView(source, heads));
  addEpochRoutes(app, epochs);
  addPeopleRoutes(app, accountView(source, new SavedTrees(source, store), epochs), peopleView(source, heads, epochs));
  app.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "ModernTensor",
      version: "1",
      description:
        "Read-only. Amounts are wei as decimal strings; ratios ending in Wad are scaled by 10^18; times are unix seconds.",
    },
  });

  app.notFound((c) => c.json({ error: `There is nothing at ${c.req.path}: see /openapi.json.` }, 404));
  app.onError((error, c) => {
    const { status, sentence, retryAfterSeconds } = problemOf(error);
    if (retryAfterSeconds !== undefined) c.header("Retry-After", String(retryAfterSeconds));
    return c.json({ error: sentence }, status);
  });
  return app;
}

function limiter(requestsPerMinute: number) {
  return rateLimiter({
    windowMs: 60_000,
    limit: requestsPerMinute,
    keyGenerator: (c: Context) => getConnInfo(c).remote.address ?? "",
    message: { error: `One client may ask ${requestsPerMinute} times a minute: ask again after Retry-After seconds.` },
  });
}
