import { collectDefaultMetrics, Registry } from "prom-client";
import { type GivenAnswer } from "../../api/source";
import { type Listener } from "../../keeper/run/keeperEvents";
import { type KeeperState } from "../keeperState";
import { apiMetrics } from "./apiMetrics";
import { epochMetrics } from "./epochMetrics";
import { keeperMetrics } from "./keeperMetrics";
import { rpcCallMetrics, rpcMetrics } from "./rpcMetrics";

/** Everything that Prometheus may watch of a keeper, and who has to be told for it to be right. */
export interface Metrics {
  readonly registry: Registry;
  /** Hears every event of the keeper. */
  readonly onEvent: Listener;
  /** Hears of every answer of the API. */
  readonly onAnswer: (answer: GivenAnswer) => void;
  /** Hears of every call to the chain. */
  readonly onCall: (method: string) => void;
}

/**
 * Opens a registry of its own, so that two keepers in one process don't share figures.
 * @param stateOf,now As keeperMetrics takes them.
 */
export function openMetrics(stateOf: () => KeeperState, now: () => number): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const listeners = [epochMetrics(registry), keeperMetrics(registry, stateOf, now), rpcMetrics(registry)];
  return {
    registry,
    onEvent(event) {
      for (const listener of listeners) listener(event);
    },
    onAnswer: apiMetrics(registry),
    onCall: rpcCallMetrics(registry),
  };
}
