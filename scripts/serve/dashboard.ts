/**
 * The page and the API, with their health and metrics, in a process of their own: readers never cost a keeper its time.
 */
import { once } from "node:events";
import { Hono } from "hono";
import { createApi } from "../api/createApi";
import { type GivenAnswer } from "../api/http";
import { type ApiSettings, type ApiSource } from "../api/source";
import { type OnProgress } from "../core/progress";
import { readSettledEpochs } from "../keeper/facts/settledEpochs";
import { reasonOf } from "../keeper/run/serviceEvents";
import { type PageSettings } from "../page/api";
import { buildPage, pageRoutes } from "../page/serve/buildPage";
import { metricsRoute, newRegistry, rpcCallMetrics, rpcMetrics } from "./metrics";
import { type ListenAddress, listenOn, type WebApp } from "./server";
import { Histogram, type Registry } from "prom-client";
import { originOf, type PoolListener } from "../chain/rpc/endpointState";

/** What a dashboard serves, where, and until when. */
interface DashboardOptions extends ApiSource {
  readonly address: ListenAddress;
  /** Called with the URL once it is served. */
  readonly onListening: (url: string) => void;
  readonly api: ApiSettings;
  readonly page: PageSettings;
  readonly metrics: DashboardMetrics;
  /** Called with the error behind a failed answer, whether the API's own or the chain's. */
  readonly onFailure: (error: unknown) => void;
  /** Called with one sentence about a fault of the API itself. */
  readonly onMistake: (sentence: string) => void;
  /** Called with the progress of reading archived reports. */
  readonly onProgress: OnProgress;
  readonly stopping: AbortSignal;
}

/**
 * Serves the page, the API, `/healthz` and `/metrics` until it is stopped; then answers the requests that came before.
 * @throws ListenError
 */
export async function serveDashboard(options: DashboardOptions): Promise<void> {
  const { metrics, stopping } = options;
  const api = createApi(options, options.api, (answer) => {
    metrics.onAnswer(answer);
    if (answer.status >= 500) options.onFailure(answer.error);
    tellMistake(answer, options.onMistake);
  });
  const parts = [healthRoute(), metricsRoute(metrics.registry), pageRoutes(await buildPage(options.page))];
  const server = await listenOn(options.address, siteOf(api, parts));
  options.onListening(server.url);
  // If the chain can't be read now, reports are read as they are asked for.
  const filling = fillEarnings(options).catch(() => undefined);
  if (!stopping.aborted) await once(stopping, "abort");
  await server.close();
  await filling;
}

async function fillEarnings({ connection, earnings, onProgress, stopping }: DashboardOptions): Promise<void> {
  await earnings.fill(await readSettledEpochs(connection), onProgress, stopping);
}

/** `/healthz`: 200 while the process answers at all. */
function healthRoute(): Hono {
  const app = new Hono();
  app.get("/healthz", (c) => c.json({ alive: true }));
  return app;
}

/**
 * One site out of several: each part answers its own paths, and the API everything else, so that an unknown path gets
 * the API's sentence. The API's limits hold only for the API.
 */
function siteOf(api: WebApp, parts: readonly Hono[]): Hono {
  const site = new Hono();
  for (const part of parts) site.route("/", part);
  site.notFound((c) => api.fetch(c.req.raw, c.env as object));
  return site;
}

/** Reports, in one sentence, why an answer was a 500; other answers are no mistake of ours. */
function tellMistake({ route, status, error }: GivenAnswer, tell: (sentence: string) => void): void {
  if (status === 500) tell(`The API failed at ${route}: ${reasonOf(error)}`);
}

/** A dashboard's metrics for Prometheus, and the listeners that keep them right. */
interface DashboardMetrics {
  readonly registry: Registry;
  /** Must be called with every answer of the API. */
  readonly onAnswer: (answer: GivenAnswer) => void;
  /** Must be called for every call to the chain. */
  readonly onCall: (method: string) => void;
  /** Must be called with every event of the endpoints. */
  readonly onPoolEvent: PoolListener;
}

/**
 * Opens a registry of its own.
 * @param endpoints URLs of the endpoints. A single one is never disabled, and so not shown.
 */
export function openDashboardMetrics(endpoints: readonly string[]): DashboardMetrics {
  const registry = newRegistry();
  const onRpcEvent = rpcMetrics(registry);
  const [, ...others] = endpoints;
  // Connecting refuses anything that is no URL.
  const origins = endpoints.filter((url) => URL.canParse(url)).map(originOf);
  onRpcEvent({ kind: "started", endpoints: others.length === 0 ? [] : origins });
  const answers = new Histogram({
    name: "moderntensor_api_answer_seconds",
    help: "How long answers of the HTTP API took, by route and status",
    labelNames: ["route", "status"],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  return {
    registry,
    onAnswer({ route, status, seconds }) {
      answers.observe({ route, status: String(status) }, seconds);
    },
    onCall: rpcCallMetrics(registry),
    onPoolEvent: onRpcEvent,
  };
}
