import { Counter, Gauge, type Registry } from "prom-client";
import { type KeeperEvent } from "../../keeper/run/keeperEvents";
import { type WatchEvent } from "../../keeper/watch/watchEvents";

/** Shows how the endpoints do; each is named by its origin alone. */
export function rpcMetrics(registry: Registry): (event: KeeperEvent | WatchEvent) => void {
  const up = new Gauge({
    name: "moderntensor_rpc_endpoint_up",
    help: "1 where the endpoint is used, 0 while it is left aside",
    labelNames: ["endpoint"],
    registers: [registry],
  });
  const errors = new Counter({
    name: "moderntensor_rpc_errors_total",
    help: "Calls that an endpoint did not answer as it should",
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
      case "endpointLeftAside":
        up.set({ endpoint: event.endpoint }, 0);
        break;
      case "endpointBack":
        up.set({ endpoint: event.endpoint }, 1);
        break;
      case "rpcError":
        errors.inc({ endpoint: event.endpoint });
        break;
    }
  };
}

/** Counts the calls that travel, by method. @returns What is told of each call. */
export function rpcCallMetrics(registry: Registry): (method: string) => void {
  const calls = new Counter({
    name: "moderntensor_rpc_calls_total",
    help: "Calls to the chain, by method",
    labelNames: ["method"],
    registers: [registry],
  });
  return (method) => {
    calls.inc({ method });
  };
}
