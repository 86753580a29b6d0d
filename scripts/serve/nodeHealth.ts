/** What a miner's or validator's events add up to, and whether it is healthy. */
import { type NodeEvent } from "../nodes/run/nodeEvents";
import { type ValidatorEvent, validatorWording } from "../nodes/validator/validatorEvents";
import { balanceChecks, type Check, endpointsCheck, type Pulse, type Vitals } from "./health";

/** What a node's events add up to. Moments in unix seconds by this machine's clock. */
export interface NodeState extends Pulse {
  readonly startedAt: number;
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

/** For how many seconds the chain was not seen. */
export function nodeLookAgeSeconds({ lastLook, startedAt }: NodeState, now: number): number {
  return Math.max(0, now - (lastLook?.at ?? startedAt));
}

/** Everything that must be so for a miner or a validator to do its work. */
export function checkNode({ limits, now, state, endpoints }: Vitals<NodeState>): Promise<readonly Check[]> {
  const { lastLook, signing } = state();
  const age = Math.floor(nodeLookAgeSeconds(state(), now()));
  const seen = lastLook === null ? "Never read the chain" : `Last read the chain ${age} s ago`;
  return Promise.resolve([
    {
      name: "chain",
      ok: lastLook !== null && age <= limits.lookSeconds,
      says: `${seen} (limit ${limits.lookSeconds} s).`,
    },
    endpointsCheck(endpoints()),
    ...balanceChecks(lastLook?.balanceWei),
    ...(signing === null ? [] : [{ name: "signing", ...signing }]),
  ]);
}
