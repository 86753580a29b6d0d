/** The services with what they serve while they run: their health and metrics, and a node's blobs and signatures. */
import { Hono } from "hono";
import { limitRequests } from "../api/http";
import { holdsRole } from "../chain/participants";
import { type KeeperOptions, startKeeper } from "../keeper/run/keeper";
import { type ReadyService } from "../keeper/run/service";
import { type NodeOptions, type ReadyNode } from "../nodes/run/node";
import { type NodeEvent } from "../nodes/run/nodeEvents";
import { startWatch, type WatchOptions } from "../keeper/watch/watcher";
import {
  type ConnectionLimits,
  defaultConnectionLimits,
  type ListenAddress,
  listenOn,
  type RunningServer,
  type WebApp,
} from "./server";
import { healthLimits, healthRoutes, newState, type Observable, type Pulse, stateAfter } from "./health";
import { observableKeeper } from "./keeper";
import { metricsRoute, type ObservedEvent, openMetrics, rootMetrics, rpcCallMetrics } from "./metrics";
import { observableNode } from "./node";
import { observableWatcher } from "./watcher";

/**
 * Runs a keeper as startKeeper does, and serves its health and its metrics.
 * @throws as startKeeper; ListenError
 */
export function startServedKeeper(options: KeeperOptions, address: ListenAddress): Promise<void> {
  const { registry, onEvent, siteFor } = monitor(observableKeeper);
  const listeners = [...options.listeners, onEvent];
  const onCall = rpcCallMetrics(registry);
  return whileServed((onReady: OnReady<ReadyService>) => startKeeper({ ...options, listeners, onCall, onReady }), {
    address,
    siteFor,
  });
}

/**
 * Watches as startWatch does, and serves the watcher's health and its metrics.
 * @returns How many alerts there were.
 * @throws as startWatch; ListenError
 */
export function startServedWatch(options: WatchOptions, address: ListenAddress): Promise<number> {
  const { onEvent, siteFor } = monitor(observableWatcher);
  const listeners = [...options.listeners, onEvent];
  return whileServed((onReady: OnReady<ReadyService>) => startWatch({ ...options, listeners, onReady }), {
    address,
    siteFor,
  });
}

/** Where a node is served; a missing address is not served. */
export interface NodeServing {
  /** For everyone: its blobs, and what a validator signed. */
  readonly blobs: ListenAddress | undefined;
  readonly monitoring: ListenAddress | undefined;
}

/**
 * Runs a node, and serves its blobs, its health and its metrics.
 * @param start Runs it with these options of NodeOptions beside its own.
 * @throws as `start`; ListenError
 */
export function startServedNode<E extends { readonly kind: string }>(
  listeners: NodeOptions<E>["listeners"],
  serving: NodeServing,
  start: (served: Pick<NodeOptions<E>, "listeners" | "onCall" | "onReady">) => Promise<void>,
): Promise<void> {
  const { registry, onEvent, siteFor } = monitor(observableNode);
  const onCall = rpcCallMetrics(registry);
  // Events that only one kind of node has are only counted by kind.
  const heard = [...listeners, onEvent as (event: E | NodeEvent) => void];
  return whileServed(
    (onReady: OnReady<ReadyNode>) => start({ listeners: heard, onCall, onReady }),
    { address: serving.blobs, siteFor: blobSite, limits: blobLimits },
    { address: serving.monitoring, siteFor },
  );
}

/** Each connection may hold a blob in memory. */
const blobLimits = { ...defaultConnectionLimits, connections: 200 };

/** Each answer costs the hash of a blob; a validator asks for some blobs of each task. */
const blobRequestsPerMinute = 6_000;

function blobSite({ routes }: ReadyNode): Hono {
  const app = new Hono();
  app.use(limitRequests(blobRequestsPerMinute));
  app.route("/", routes);
  return app;
}

/** Unix seconds by this machine's clock. */
const now = (): number => Date.now() / 1_000;

/** Listens to a service, and serves what its events add up to: `/healthz`, `/readyz` and `/metrics`. */
function monitor<S extends Pulse, E extends ObservedEvent>(service: Observable<S, E>) {
  let current = newState(service, now());
  const state = (): S => current;
  const metrics = openMetrics(service, state, now);
  return {
    registry: metrics.registry,
    onEvent: (event: E): void => {
      current = stateAfter(service, current, event, now());
      metrics.onEvent(event);
    },
    siteFor: ({ connection, account, endpoints }: ReadyService): Hono => {
      rootMetrics(metrics.registry, connection);
      const { clock, keeper } = connection.deployment.config;
      const limits = healthLimits(keeper.pollSeconds, clock.slotSeconds * clock.slotsPerEpoch);
      const isGuardian = account === null ? null : () => holdsRole(connection, "guardian", account);
      const app = new Hono();
      app.route("/", healthRoutes({ limits, now, state, endpoints, isGuardian }, service.check));
      app.route("/", metricsRoute(metrics.registry));
      return app;
    },
  };
}

/** Called with a service that is about to look at its chain. */
type OnReady<R> = (ready: R) => Promise<void>;

/** A site, and its address if it is served. */
interface Site<R> {
  readonly address: ListenAddress | undefined;
  readonly siteFor: (ready: R) => WebApp;
  readonly limits?: ConnectionLimits;
}

/**
 * Runs a service, and serves sites from when it is ready until it has ended.
 * @param start Runs it, and calls `onReady` before its first look.
 */
async function whileServed<R extends ReadyService, T>(
  start: (onReady: OnReady<R>) => Promise<T>,
  ...sites: readonly Site<R>[]
): Promise<T> {
  const servers: RunningServer[] = [];
  try {
    return await start(async (ready) => {
      for (const { address, siteFor, limits } of sites) {
        if (address === undefined) continue;
        const server = await listenOn(address, siteFor(ready), limits);
        servers.push(server);
        ready.tell({ kind: "serving", url: server.url });
      }
    });
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}
