/** What the metrics of the keeper, the watcher and the dashboard have in common. */
import { Hono } from "hono";
import { formatEther } from "viem";
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import { type KeeperEvent } from "../keeper/run/keeperEvents";
import { type WatchEvent } from "../keeper/watch/watchEvents";
import { type ValidatorEvent } from "../nodes/run/nodeEvents";
import { type Connection } from "../chain/connection";
import { type Observable, type Pulse } from "./health";

/** A new registry, so that two services in one process don't share figures; it also shows those of the process. */
export function newRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Events of the services that have metrics. */
export type ObservedEvent = KeeperEvent | WatchEvent | ValidatorEvent;

/** Opens a registry for a service. @returns It, and a listener that must be called with every event of the service. */
export function openMetrics<S extends Pulse, E extends ObservedEvent>(
  { show }: Observable<S, E>,
  stateOf: () => S,
  now: () => number,
): { readonly registry: Registry; readonly onEvent: (event: E) => void } {
  const registry = newRegistry();
  const listeners = [rpcMetrics(registry), show(registry, stateOf, now)];
  return {
    registry,
    onEvent(event) {
      for (const listener of listeners) listener(event);
    },
  };
}

/** Makes counters of a service. @param prefix What every name begins with. */
export function countersIn(registry: Registry, prefix: string) {
  return <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Counter<L>({ name: `${prefix}_${name}`, help, labelNames, registers: [registry] });
}

/** `/metrics`, in Prometheus' text format. */
export function metricsRoute(registry: Registry): Hono {
  const app = new Hono();
  app.get("/metrics", async (c) => c.body(await registry.metrics(), 200, { "Content-Type": registry.contentType }));
  return app;
}

/** Shows one figure of a service's state. */
type StateGauge<S> = (name: string, help: string, value: (state: S) => number | bigint | null | undefined) => void;

/**
 * Shows figures of a state, which is asked for at each scrape; a null or undefined figure is not shown.
 * @param prefix What every name begins with.
 */
export function stateGauges<S>(registry: Registry, prefix: string, stateOf: () => S): StateGauge<S> {
  return (name, help, value) => {
    new Gauge({
      name: `${prefix}_${name}`,
      help,
      registers: [registry],
      collect() {
        const current = value(stateOf());
        if (current === null || current === undefined) this.remove();
        else this.set(Number(current));
      },
    });
  };
}

/** A program has begun to read through these endpoints. */
interface EndpointsNamed {
  readonly kind: "started";
  /** Origins of their URLs. */
  readonly endpoints: readonly string[];
}

/** Shows the state of the endpoints, each named only by its origin. */
export function rpcMetrics(registry: Registry): (event: ObservedEvent | EndpointsNamed) => void {
  const up = new Gauge({
    name: "moderntensor_rpc_endpoint_up",
    help: "1 while the endpoint is in use, 0 while it is out of rotation",
    labelNames: ["endpoint"],
    registers: [registry],
  });
  const errors = new Counter({
    name: "moderntensor_rpc_errors_total",
    help: "Calls that an endpoint failed to answer correctly",
    labelNames: ["endpoint"],
    registers: [registry],
  });
  return (event) => {
    switch (event.kind) {
      case "started":
        for (const endpoint of event.endpoints) {
          up.set({ endpoint }, 1);
          errors.inc({ endpoint }, 0);
        }
        break;
      case "endpointDisabled":
        up.set({ endpoint: event.endpoint }, 0);
        break;
      case "endpointEnabled":
        up.set({ endpoint: event.endpoint }, 1);
        break;
      case "rpcError":
        errors.inc({ endpoint: event.endpoint });
        break;
    }
  };
}

/** Counts calls to the chain, by method. @returns A listener to call with each call's method. */
export function rpcCallMetrics(registry: Registry): (method: string) => void {
  const calls = new Counter({
    name: "moderntensor_rpc_calls_total",
    help: "JSON-RPC calls, by method",
    labelNames: ["method"],
    registers: [registry],
  });
  return (method) => {
    calls.inc({ method });
  };
}

/**
 * Shows whether the newest settled epoch's root is vetoed and not reposted. Asks the chain at each scrape; while it
 * does not answer, nothing is shown.
 */
export function rootMetrics(registry: Registry, { contracts }: Pick<Connection, "contracts">): void {
  new Gauge({
    name: "moderntensor_root_vetoed",
    help: "1 while the newest settled epoch's root is vetoed and not reposted",
    registers: [registry],
    async collect() {
      try {
        const [isVetoed] = await contracts.treasury.read.vetoedSettlement();
        this.set(Number(isVetoed));
      } catch {
        this.remove();
      }
    },
  });
}

/** 18 decimals as a floating-point number. */
export function inUnits(amountWei: bigint): number {
  return Number(formatEther(amountWei));
}
