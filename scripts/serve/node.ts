/** What a miner's or validator's events add up to: its health, and its metrics for Prometheus. */
import { type Registry } from "prom-client";
import { minerWording, type NodeEvent, type ValidatorEvent, validatorWording } from "../nodes/run/nodeEvents";
import {
  balanceChecks,
  chainCheck,
  type Check,
  endpointsCheck,
  lookAgeSeconds,
  type Observable,
  type Sight,
} from "./health";
import { countersIn, inUnits, stateGauges } from "./metrics";

/** What a node's events add up to. Moments in unix seconds by this machine's clock. */
interface NodeState extends Sight {
  /** When the chain was last seen, and what was seen; null before the first look. */
  readonly lastLook: (Extract<NodeEvent, { kind: "looked" }> & { readonly at: number }) | null;
  /** Whether a validator signs what is due, from its last event on that; null before the first. */
  readonly signing: Omit<Check, "name"> | null;
}

/** A miner or a validator as its observers see it. */
export const observableNode: Observable<NodeState, ValidatorEvent> = {
  nothing: { lastLook: null, signing: null },
  after(state, event, now) {
    switch (event.kind) {
      case "looked":
        return { ...state, lastLook: { ...event, at: now } };
      case "signed":
        return { ...state, signing: { ok: true, says: `It has signed the ${event.what} of epoch ${event.epoch}.` } };
      case "signingRefused":
      case "signingBehind":
        return { ...state, signing: { ok: false, says: validatorWording.describe(event) } };
      default:
        return state;
    }
  },
  check(vitals) {
    const { lastLook, signing } = vitals.state();
    return Promise.resolve([
      chainCheck(vitals),
      endpointsCheck(vitals.endpoints()),
      ...balanceChecks(lastLook?.balanceWei),
      ...(signing === null ? [] : [{ name: "signing", ...signing }]),
    ]);
  },
  show(registry, stateOf, now) {
    const gauge = stateGauges(registry, "moderntensor_node", stateOf);
    gauge("head_block", "Newest block that the node has read", ({ lastLook }) => lastLook?.headBlock);
    gauge(
      "head_lag_seconds",
      "Age of the newest block that the node has read",
      ({ lastLook }) => lastLook && Math.max(0, now() - lastLook.headTimestamp),
    );
    gauge("look_age_seconds", "Seconds since the node last read the chain", (state) => lookAgeSeconds(state, now()));
    gauge(
      "balance_ether",
      "Balance of the node's account, which pays for gas",
      ({ lastLook }) => lastLook && inUnits(lastLook.balanceWei),
    );
    gauge(
      "signs",
      "1 if the validator has signed what is due, 0 if it refuses",
      ({ signing }) => signing && Number(signing.ok),
    );
    return countEvents(registry);
  },
};

/** Counts events by kind, duties that are done, and their fees. */
function countEvents(registry: Registry): (event: ValidatorEvent) => void {
  const counter = countersIn(registry, "moderntensor_node");
  const events = counter("events_total", "Events of the node, by kind: see docs/nodes.md", ["kind"]);
  // Every kind of event in these lists counts from zero: Prometheus sees no rise in a series that begins with its first
  // event.
  for (const kind of Object.keys({ ...minerWording.levels, ...validatorWording.levels })) events.inc({ kind }, 0);
  const duties = counter("duties_done_total", "Duties done: their transactions were mined without reverting");
  const fees = counter("fees_ether_total", "Fees of the node's mined transactions");
  return (event) => {
    events.inc({ kind: event.kind });
    if (event.kind !== "mined") return;
    fees.inc(inUnits(event.feeWei));
    if (!event.hasReverted) duties.inc(event.duties.length);
  };
}
