import { Counter, type Registry } from "prom-client";
import { minerWording, type ValidatorEvent, validatorWording } from "../../nodes/run/nodeEvents";
import { lookAgeSeconds } from "../health";
import { type NodeState } from "../nodeHealth";
import { each, inUnits, newRegistry, rpcCallMetrics, rpcMetrics, stateGauges } from "./registry";

/** Everything that Prometheus may watch of a miner or a validator, and who has to be told for it to be right. */
export interface NodeMetrics {
  readonly registry: Registry;
  /** Hears every event of the node; of those that only its kind of node tells, how many there were. */
  readonly onEvent: (event: ValidatorEvent) => void;
  /** Hears of every call to the chain. */
  readonly onCall: (method: string) => void;
}

/**
 * Opens a registry of its own.
 * @param stateOf The node's state, asked for at each scrape.
 * @param now Unix seconds by this machine's clock.
 */
export function openNodeMetrics(stateOf: () => NodeState, now: () => number): NodeMetrics {
  const registry = newRegistry();
  const gauge = stateGauges(registry, "moderntensor_node", stateOf);
  gauge("head_block", "Newest block that the node has read", ({ lastLook }) =>
    lastLook === null ? null : Number(lastLook.headBlock),
  );
  gauge("head_lag_seconds", "Age of the newest block that the node has read", ({ lastLook }) =>
    lastLook === null ? null : Math.max(0, now() - lastLook.headTimestamp),
  );
  gauge("look_age_seconds", "Seconds since the node last read the chain", (state) => lookAgeSeconds(state, now()));
  gauge("balance_ether", "Balance of the node's account, which pays for gas", ({ lastLook }) =>
    lastLook === null ? null : inUnits(lastLook.balanceWei),
  );
  gauge("signs", "1 if the validator has signed what is due, 0 if it refuses", ({ signing }) =>
    signing === null ? null : Number(signing.ok),
  );
  return { registry, onEvent: each(rpcMetrics(registry), countEvents(registry)), onCall: rpcCallMetrics(registry) };
}

/** Counts what happened by kind, the duties that are done, and what they cost. */
function countEvents(registry: Registry): (event: ValidatorEvent) => void {
  const events = new Counter({
    name: "moderntensor_node_events_total",
    help: "Events of the node, by kind: see docs/nodes.md",
    labelNames: ["kind"],
    registers: [registry],
  });
  // What a person is warned of counts from zero: Prometheus sees no rise in a series that begins with its first event.
  for (const kind of Object.keys({ ...minerWording.levels, ...validatorWording.levels })) events.inc({ kind }, 0);
  const counter = (name: string, help: string) =>
    new Counter({ name: `moderntensor_node_${name}`, help, registers: [registry] });
  const duties = counter("duties_done_total", "Duties done: their transactions were mined without reverting");
  const fees = counter("fees_ether_total", "Fees of the node's mined transactions");
  return (event) => {
    events.inc({ kind: event.kind });
    if (event.kind !== "mined") return;
    fees.inc(inUnits(event.feeWei));
    if (!event.hasReverted) duties.inc(event.duties.length);
  };
}
