/** What a miner's or validator's events add up to, and whether it is healthy. */
import { type NodeEvent, type ValidatorEvent, validatorWording } from "../nodes/run/nodeEvents";
import { balanceChecks, chainCheck, type Check, endpointsCheck, type Sight, type Vitals } from "./health";

/** What a node's events add up to. Moments in unix seconds by this machine's clock. */
export interface NodeState extends Sight {
  /** When the chain was last seen, and what was seen; null before the first look. */
  readonly lastLook: (Extract<NodeEvent, { kind: "looked" }> & { readonly at: number }) | null;
  /** Whether a validator signs what is due, as it last told; null before it has told anything of that. */
  readonly signing: Omit<Check, "name"> | null;
}

/** A node of which nothing is known yet. */
export function newNodeState(now: number): NodeState {
  return { startedAt: now, lastTurnAt: now, lastLook: null, signing: null, hasStopped: false };
}

/** The state after an event of a miner or a validator. */
export function nodeStateAfter(state: NodeState, event: ValidatorEvent, now: number): NodeState {
  switch (event.kind) {
    case "started":
      return newNodeState(now);
    case "looked":
      return { ...state, lastTurnAt: now, lastLook: { ...event, at: now } };
    case "failed":
      return { ...state, lastTurnAt: now };
    case "signed":
      return { ...state, signing: { ok: true, says: `It has signed the ${event.what} of epoch ${event.epoch}.` } };
    case "signingRefused":
    case "signingBehind":
      return { ...state, signing: { ok: false, says: validatorWording.describe(event) } };
    case "stopped":
      return { ...state, hasStopped: true };
    default:
      return state;
  }
}

/** Everything that must be so for a miner or a validator to do its work. */
export function checkNode(vitals: Vitals<NodeState>): Promise<readonly Check[]> {
  const { lastLook, signing } = vitals.state();
  return Promise.resolve([
    chainCheck(vitals),
    endpointsCheck(vitals.endpoints()),
    ...balanceChecks(lastLook?.balanceWei),
    ...(signing === null ? [] : [{ name: "signing", ...signing }]),
  ]);
}
