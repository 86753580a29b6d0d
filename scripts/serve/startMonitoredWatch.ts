import { Hono } from "hono";
import { healthRoutes } from "./health";
import { healthLimits } from "./keeperHealth";
import { metricsRoute } from "./metrics/metricsRoute";
import { rootMetrics } from "./metrics/rootMetrics";
import { type ListenAddress, listenOn, type RunningServer } from "./server";
import { type ReadyWatcher, startWatch, type WatchOptions } from "../keeper/watch/startWatch";
import { watchHealth } from "./watchHealth";
import { openWatchMetrics, type WatchMetrics } from "./metrics/watchMetrics";
import { newWatchState, type WatchState, watchStateAfter } from "./watchState";

/**
 * Watches as startWatch does, and serves `/healthz`, `/readyz` and `/metrics` as long as it runs.
 * @param onListening Told the address once it is served.
 * @returns How many alerts there were.
 * @throws as startWatch; ListenError
 */
export async function startMonitoredWatch(
  options: WatchOptions,
  address: ListenAddress,
  onListening: (url: string) => void,
): Promise<number> {
  const now = (): number => Date.now() / 1_000;
  let state = newWatchState(now());
  const metrics = openWatchMetrics(() => state, now);
  const hear: WatchMetrics["onEvent"] = (event) => {
    state = watchStateAfter(state, event, now());
    metrics.onEvent(event);
  };
  let server: RunningServer | undefined;
  try {
    return await startWatch({
      ...options,
      listeners: [...options.listeners, hear],
      async onReady(ready) {
        rootMetrics(metrics.registry, ready.connection);
        const health = healthRoutes(watchHealth({ ...vitalsOf(ready), now, state: (): WatchState => state }));
        const site = new Hono().route("/", health).route("/", metricsRoute(metrics.registry));
        server = await listenOn(address, site);
        onListening(server.url);
      },
    });
  } finally {
    await server?.close();
  }
}

function vitalsOf(ready: ReadyWatcher) {
  const { connection, guardian } = ready;
  const { clock, keeper } = connection.deployment.config;
  const { treasury } = connection.contracts;
  return {
    limits: healthLimits(keeper.pollSeconds, clock.slotSeconds * clock.slotsPerEpoch),
    endpoints: () => ready.endpoints(),
    holdsRole:
      guardian === null ? null : async () => treasury.read.hasRole([await treasury.read.GUARDIAN_ROLE(), guardian]),
  };
}
