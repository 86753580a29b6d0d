/** The keeper and the watcher with what they serve as long as they run: their health and their metrics. */
import { Hono } from "hono";
import { type Registry } from "prom-client";
import { holdsRole } from "../chain/roles";
import { type KeeperOptions, startKeeper } from "../keeper/run/keeper";
import { type ReadyService } from "../keeper/run/service";
import { startWatch, type WatchOptions } from "../keeper/watch/watcher";
import { type Check, healthLimits, healthRoutes, type Pulse, type Vitals } from "./health";
import { checkKeeper, newKeeperState, stateAfter } from "./keeperHealth";
import { openKeeperMetrics } from "./metrics/keeperMetrics";
import { metricsRoute, rootMetrics } from "./metrics/registry";
import { openWatchMetrics } from "./metrics/watchMetrics";
import { type ListenAddress, listenOn, type RunningServer, type WebApp } from "./server";
import { checkWatcher, newWatchState, watchStateAfter } from "./watchHealth";

/** Where a service is served. */
export interface Serving {
  readonly address: ListenAddress;
  /** Told the address once it is served. */
  readonly onListening: (url: string) => void;
}

/**
 * Runs a keeper as startKeeper does, and serves its health and its metrics.
 * @throws as startKeeper; ListenError
 */
export function startServedKeeper(options: KeeperOptions, serving: Serving): Promise<void> {
  const { state, metrics, onEvent } = monitor(newKeeperState, stateAfter, openKeeperMetrics);
  const listeners = [...options.listeners, onEvent];
  return whileServed(
    serving,
    (onReady) => startKeeper({ ...options, listeners, onCall: metrics.onCall, onReady }),
    (ready) => monitoringRoutes(ready, metrics.registry, "keeper", state, checkKeeper),
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
    (ready) => monitoringRoutes(ready, metrics.registry, "guardian", state, checkWatcher),
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
 * Runs a service, and serves how it does from when it is ready until it has ended.
 * @param start Runs it, and calls `onReady` before its first look.
 */
async function whileServed<T>(
  { address, onListening }: Serving,
  start: (onReady: (ready: ReadyService) => Promise<void>) => Promise<T>,
  siteFor: (ready: ReadyService) => WebApp,
): Promise<T> {
  let server: RunningServer | undefined;
  try {
    return await start(async (ready) => {
      server = await listenOn(address, siteFor(ready));
      onListening(server.url);
    });
  } finally {
    await server?.close();
  }
}
