import { cors } from "hono/cors";
import { OpenAPIHono } from "@hono/zod-openapi";
import { addAccountRoutes } from "./accounts";
import { addPeopleRoutes } from "./people";
import { EpochStore } from "./epochStore";
import { addEpochRoutes, epochView } from "./epochs";
import { Heads, type ApiSettings, type ApiSource } from "./source";
import {
  type GivenAnswer,
  limitRequests,
  problemOf,
  refusalOf,
  reportAnswers,
  requireDeployment,
  tagAnswers,
} from "./http";
import { addNetworkRoutes } from "./network";
import { addQuorumRoute } from "./quorum";
import { addTaskRoutes } from "./tasks";

const description =
  "Read-only. Amounts are wei as decimal strings; in fields that end in Wad, 10^18 is 1; times are unix seconds.";

/**
 * A read-only HTTP API over one deployment: epochs, rewards with their proofs, validators, miners, tasks, policy,
 * supply. It describes itself at /openapi.json, by the schemas that its handlers answer with. Nothing in it can send or
 * sign.
 * @param onAnswer Called for every answer; must not throw.
 */
export function createApi(
  source: ApiSource,
  settings: ApiSettings,
  onAnswer: (answer: GivenAnswer) => void = () => undefined,
): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result, c) => (result.success ? undefined : c.json({ error: refusalOf(c, result.error) }, 400)),
  });
  app.use(reportAnswers(onAnswer));
  app.use(cors({ origin: "*", allowMethods: ["GET", "HEAD"], exposeHeaders: ["ETag", "Retry-After"] }));
  app.use(tagAnswers());
  app.use(limitRequests(settings.requestsPerMinute));
  app.use("/v1/*", requireDeployment(source.connection.deployment.id));
  addRoutes(app, source, settings);
  const servers = [{ url: "/", description: "The server of this document" }];
  app.doc31("/openapi.json", { openapi: "3.1.0", info: { title: "ModernTensor", version: "1", description }, servers });
  app.notFound((c) => c.json({ error: `No such path: ${c.req.path}. See /openapi.json.` }, 404));
  app.onError((error, c) => {
    const { status, sentence, retryAfterSeconds } = problemOf(error);
    if (retryAfterSeconds !== undefined) c.header("Retry-After", String(retryAfterSeconds));
    return c.json({ error: sentence }, status);
  });
  return app;
}

function addRoutes(app: OpenAPIHono, source: ApiSource, settings: ApiSettings): void {
  const { headAgeMilliseconds, patienceMilliseconds } = settings;
  const now = (): number => performance.now();
  const heads = new Heads(source.connection, { maxAgeMilliseconds: headAgeMilliseconds, now });
  const store = new EpochStore(source, patienceMilliseconds);
  const epochs = epochView(source, heads, store);
  addNetworkRoutes(app, source, heads);
  addEpochRoutes(app, epochs);
  addQuorumRoute(app, source, heads, settings);
  addTaskRoutes(app, heads);
  addAccountRoutes(app, source, heads, epochs, store, patienceMilliseconds);
  addPeopleRoutes(app, source, heads, epochs, patienceMilliseconds);
}
