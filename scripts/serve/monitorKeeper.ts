import { type Hono } from "hono";
import { createApi } from "../api/createApi";
import { healthRoutes } from "./health";
import { type Listener } from "../keeper/run/keeperEvents";
import { healthLimits, keeperHealth } from "./keeperHealth";
import { type KeeperState, newKeeperState, stateAfter } from "./keeperState";
import { tellMistake } from "./mistakes";
import { metricsRoute } from "./metrics/metricsRoute";
import { openMetrics } from "./metrics/openMetrics";
import { rootMetrics } from "./metrics/rootMetrics";
import { type ListenAddress, listenOn, type RunningServer } from "./server";
import { siteOf } from "./site";
import { type ReadyKeeper } from "../keeper/run/startKeeper";

/** Listens to a keeper, and serves what it heard. */
export interface KeeperMonitor {
  /** Hears every event of the keeper. */
  readonly onEvent: Listener;
  /** Hears of every call to the chain. */
  readonly onCall: (method: string) => void;
  /**
   * Serves `/healthz`, `/readyz`, `/metrics` and the API.
   * @param parts What else is served, as the page.
   * @param onMistake Told, in one sentence, of what the API did wrong itself.
   * @throws ListenError
   */
  serve(
    keeper: ReadyKeeper,
    address: ListenAddress,
    parts: readonly Hono[],
    onMistake: (sentence: string) => void,
  ): Promise<RunningServer>;
}

/** @param now Unix seconds by this machine's clock. */
export function monitorKeeper(now: () => number): KeeperMonitor {
  let state = newKeeperState(now());
  const metrics = openMetrics(() => state, now);
  return {
    onEvent(event) {
      state = stateAfter(state, event, now());
      metrics.onEvent(event);
    },
    onCall: metrics.onCall,
    serve(running, address, parts, onMistake) {
      const { connection, archive } = running;
      rootMetrics(metrics.registry, connection);
      const api = createApi({ connection, archive }, undefined, (answer) => {
        metrics.onAnswer(answer);
        tellMistake(answer, onMistake);
      });
      const source = { ...roleAndLimits({ connection }, () => state), now, state: () => state };
      return listenOn(
        address,
        siteOf(api, [
          healthRoutes(keeperHealth({ ...source, endpoints: () => running.endpoints() })),
          metricsRoute(metrics.registry),
          ...parts,
        ]),
      );
    },
  };
}

function roleAndLimits({ connection }: Pick<ReadyKeeper, "connection">, state: () => KeeperState) {
  const { clock, keeper } = connection.deployment.config;
  const { treasury } = connection.contracts;
  return {
    limits: healthLimits(keeper.pollSeconds, clock.slotSeconds * clock.slotsPerEpoch),
    async holdsRole() {
      const { keeper: account } = state();
      return account !== null && treasury.read.hasRole([await treasury.read.KEEPER_ROLE(), account]);
    },
  };
}
