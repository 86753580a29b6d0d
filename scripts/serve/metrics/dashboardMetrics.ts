import { Histogram, type Registry } from "prom-client";
import { type GivenAnswer } from "../../api/http";
import { originOf, type PoolListener } from "../../chain/rpc/poolEvents";
import { newRegistry, rpcCallMetrics, rpcMetrics } from "./registry";

/** Everything that Prometheus may watch of a dashboard, and who has to be told for it to be right. */
export interface DashboardMetrics {
  readonly registry: Registry;
  /** Hears of every answer of the API. */
  readonly onAnswer: (answer: GivenAnswer) => void;
  /** Hears of every call to the chain. */
  readonly onCall: (method: string) => void;
  /** Hears what happens to the endpoints. */
  readonly onPoolEvent: PoolListener;
}

/**
 * Opens a registry of its own.
 * @param endpoints URLs of the endpoints. Where there is only one it is never disabled, and so not shown.
 */
export function openDashboardMetrics(endpoints: readonly string[]): DashboardMetrics {
  const registry = newRegistry();
  const onRpcEvent = rpcMetrics(registry);
  const [, ...others] = endpoints;
  // Anyone who connects refuses what is no URL.
  const origins = endpoints.filter((url) => URL.canParse(url)).map(originOf);
  onRpcEvent({ kind: "started", endpoints: others.length === 0 ? [] : origins });
  return { registry, onAnswer: apiMetrics(registry), onCall: rpcCallMetrics(registry), onPoolEvent: onRpcEvent };
}

/** Shows what the API answered, and how fast. @returns What createApi reports on each answer. */
function apiMetrics(registry: Registry): (answer: GivenAnswer) => void {
  const answers = new Histogram({
    name: "moderntensor_api_answer_seconds",
    help: "How long answers of the HTTP API took, by route and status",
    labelNames: ["route", "status"],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  return ({ route, status, seconds }) => {
    answers.observe({ route, status: String(status) }, seconds);
  };
}
