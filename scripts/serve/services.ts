/** The keeper and the watcher with what they serve as long as they run: health, metrics, and the keeper's API and page. */
import { Hono } from "hono";
import { type Registry } from "prom-client";
import { createApi } from "../api/createApi";
import { holdsRole } from "../chain/roles";
import { type KeeperOptions, type ReadyKeeper, startKeeper } from "../keeper/run/keeper";
import { type ReadyService } from "../keeper/run/service";
import { startWatch, type WatchOptions } from "../keeper/watch/watcher";
import { buildPage, type PageSettings } from "../page/serve/buildPage";
import { pageRoutes } from "../page/serve/pageRoutes";
import { type Check, healthLimits, healthRoutes, type Pulse, type Vitals } from "./health";
import { checkKeeper, newKeeperState, stateAfter } from "./keeperHealth";
import { openKeeperMetrics } from "./metrics/keeperMetrics";
import { metricsRoute, rootMetrics } from "./metrics/registry";
import { openWatchMetrics } from "./metrics/watchMetrics";
import { type ListenAddress, listenOn, type RunningServer, siteOf, tellMistake, type WebApp } from "./server";
import { checkWatcher, newWatchState, watchStateAfter } from "./watchHealth";

/** Where a service is served. */
export interface Serving {
  readonly address: ListenAddress;
  /** Told the address once it is served. */
  readonly onListening: (url: string) => void;
}

/** Where a keeper is served, and what its page is told. */
export interface KeeperServing extends Serving {
  readonly page: PageSettings;
  /** Told, in one sentence, of what the API did wrong itself. */
  readonly onMistake: (sentence: string) => void;
}

/**
 * Runs a keeper as startKeeper does, and serves its health, its metrics, the API and the page.
 * @throws as startKeeper; ListenError
 */
export async function startServedKeeper(options: KeeperOptions, serving: KeeperServing): Promise<void> {
  const { state, metrics, onEvent } = monitor(newKeeperState, stateAfter, openKeeperMetrics);
  const listeners = [...options.listeners, onEvent];
  await whileServed(
    serving,
    (onReady) => startKeeper({ ...options, listeners, onCall: metrics.onCall, onReady }),
    async (ready: ReadyKeeper) => {
      const monitoring = monitoringRoutes(ready, metrics.registry, "keeper", state, checkKeeper);
      const api = createApi(ready, undefined, (answer) => {
        metrics.onAnswer(answer);
        tellMistake(answer, serving.onMistake);
      });
      return siteOf(api, [monitoring, pageRoutes(await buildPage(serving.page))]);
    },
  );
}

/**
 * Watches as startWatch does, and serves the watcher's health and its metrics.
 * @returns How many alerts there were.
 * @throws as startWatch; ListenError
 */
export function startServedWatch(options: WatchOptions, serving: Serving): Promise<number> {
  const { state, metrics, onEvent } = monitor(newWatchState, watchStateAfter, openWatchMetrics);
  const listeners = [...options.listeners, onEvent];
  return whileServed(
    serving,
    (onReady) => startWatch({ ...options, listeners, onReady }),
    (ready: ReadyService) => monitoringRoutes(ready, metrics.registry, "guardian", state, checkWatcher),
  );
}

/** Unix seconds by this machine's clock. */
const now = (): number => Date.now() / 1_000;

/** Listens to a service: what its events add up to, for its health and its metrics. */
function monitor<E, S, M extends { readonly onEvent: (event: E) => void }>(
  newState: (now: number) => S,
  afterEvent: (state: S, event: E, now: number) => S,
  openMetrics: (stateOf: () => S, now: () => number) => M,
) {
  let current = newState(now());
  const state = (): S => current;
  const metrics = openMetrics(state, now);
  const onEvent = (event: E): void => {
    current = afterEvent(current, event, now());
    metrics.onEvent(event);
  };
  return { state, metrics, onEvent };
}

/** `/healthz`, `/readyz` and `/metrics` of a service. @param role What its account must hold. */
function monitoringRoutes<S extends Pulse>(
  { connection, account, endpoints }: ReadyService,
  registry: Registry,
  role: "keeper" | "guardian",
  state: () => S,
  check: (vitals: Vitals<S>) => Promise<readonly Check[]>,
): Hono {
  rootMetrics(registry, connection);
  const { clock, keeper } = connection.deployment.config;
  const vitals = {
    limits: healthLimits(keeper.pollSeconds, clock.slotSeconds * clock.slotsPerEpoch),
    now,
    state,
    endpoints,
    holdsRole: account === null ? null : () => holdsRole(connection, role, account),
  };
  const app = new Hono();
  for (const part of [healthRoutes(vitals, check), metricsRoute(registry)]) app.route("/", part);
  return app;
}

/**
 * Runs a service, and serves a site from when it is ready until it has ended.
 * @param start Runs it, and calls `onReady` before its first look.
 */
async function whileServed<R, T>(
  { address, onListening }: Serving,
  start: (onReady: (ready: R) => Promise<void>) => Promise<T>,
  siteFor: (ready: R) => WebApp | Promise<WebApp>,
): Promise<T> {
  let server: RunningServer | undefined;
  try {
    return await start(async (ready) => {
      server = await listenOn(address, await siteFor(ready));
      onListening(server.url);
    });
  } finally {
    await server?.close();
  }
}
