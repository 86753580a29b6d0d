/** What can be wrong with an endpoint. */
type FaultKind =
  | "unreachable"
  | "hangs"
  | "malformed"
  | "serverError"
  | "limited"
  | "denied"
  | "otherChain"
  | "lags"
  | "wentBackwards"
  | "unconfirmed"
  | "contradicts";

/** It is the endpoint's fault that there is no answer; another endpoint, or the same one later, may have one. */
export class EndpointFault extends Error {
  override readonly name = "EndpointFault";
  /**
   * @param message Why, as people read it: without a URL, which may hold a key.
   * @param retryAfterMilliseconds For how long the endpoint itself asked to be left alone.
   */
  constructor(
    readonly kind: FaultKind,
    message: string,
    readonly retryAfterMilliseconds?: number,
  ) {
    super(message);
  }
}

/** How an endpoint is treated for a kind of fault. */
interface Treatment {
  /** After this many faults in a row it is disabled. */
  readonly failures: number;
  /** For how long, the first time; each further time in a row it is twice as long. */
  readonly asideMilliseconds: number;
}

/** What passes by itself within a moment: one lost packet is none of the endpoint's habits, three in a row are. */
const passing: Treatment = { failures: 3, asideMilliseconds: 1_000 };

/** How each kind of fault is treated. */
const treatments: Readonly<Record<FaultKind, Treatment>> = {
  unreachable: passing,
  malformed: passing,
  serverError: passing,
  // Each hanging request costs its whole timeout, so there is no second one soon.
  hangs: { failures: 1, asideMilliseconds: 5_000 },
  // Limits are commonly counted per second.
  limited: { failures: 1, asideMilliseconds: 1_000 },
  // A key that is refused, and another chain, take a human to change.
  denied: { failures: 1, asideMilliseconds: 60_000 },
  otherChain: { failures: 1, asideMilliseconds: 60_000 },
  // A node catches up with a few blocks in about a block's time.
  lags: { failures: 1, asideMilliseconds: 10_000 },
  wentBackwards: { failures: 1, asideMilliseconds: 2_000 },
  unconfirmed: { failures: 1, asideMilliseconds: 30_000 },
  // A look at it finds nothing of what was wrong, so only time brings it back.
  contradicts: { failures: 1, asideMilliseconds: 300_000 },
};

/** Nobody is disabled for longer: an endpoint that was repaired should be found within minutes. */
const longestAsideMilliseconds = 300_000;

/** What is remembered of an endpoint's behaviour: the state of its circuit breaker. Times are in milliseconds. */
export interface EndpointState {
  /** Faults in a row. */
  readonly failures: number;
  /** How often in a row it was disabled, without a good look at it in between. */
  readonly timesDisabled: number;
  /** Set while the endpoint is disabled. After `until` it is looked at, and used again only if every check passes. */
  readonly disabled: { readonly kind: FaultKind; readonly reason: string; readonly until: number } | null;
}

/** An endpoint of which nothing bad is known. */
export const healthy: EndpointState = { failures: 0, timesDisabled: 0, disabled: null };

/**
 * After a fault. Enough of them open the circuit, for longer each time. While it is open nobody is asked, so what fails
 * then was pending before, and changes nothing; what was answered before may be found to be wrong later.
 * @param random From 0 to 1: keepers that lost the same endpoint shall not all come back at the same moment.
 */
export function afterFault(state: EndpointState, fault: EndpointFault, now: number, random: number): EndpointState {
  const isOpen = state.disabled !== null && now < state.disabled.until;
  if (isOpen && fault.kind !== "contradicts") return state;
  const failures = state.failures + 1;
  const { failures: allowed, asideMilliseconds } = treatments[fault.kind];
  if (failures < allowed && state.disabled === null) return { ...state, failures };
  const doubled = Math.min(asideMilliseconds * 2 ** state.timesDisabled, longestAsideMilliseconds);
  const asked = Math.min(fault.retryAfterMilliseconds ?? 0, longestAsideMilliseconds);
  const until = now + Math.max(asked, Math.round(doubled * (0.5 + random / 2)));
  return {
    failures,
    timesDisabled: state.timesDisabled + 1,
    disabled: { kind: fault.kind, reason: fault.message, until },
  };
}

/** After an answer. It ends a row of faults, but a circuit that is open is closed by a look at the endpoint alone. */
export function afterAnswer(state: EndpointState): EndpointState {
  return state.disabled === null && state.failures > 0 ? { ...state, failures: 0 } : state;
}

/** Whether an endpoint that is disabled has had its time, and may be looked at again. */
export function isDue({ disabled }: EndpointState, now: number): boolean {
  return disabled !== null && disabled.until <= now;
}

/** An endpoint as the choice sees it. */
export interface Candidate {
  readonly state: EndpointState;
  /** Whether it has been asked for the calls in question already. */
  readonly tried: boolean;
  /** Whether it would refuse some of them, as far as is known. */
  readonly refuses: boolean;
}

/**
 * Which endpoint is asked next: the first that is in use and has not been tried, in the order in which the endpoints
 * are given, so that reads that belong together mostly see one node's view, and those last that would refuse; else the
 * first in use.
 * @returns Its index; undefined if all are disabled.
 */
export function nextEndpoint(candidates: readonly Candidate[]): number | undefined {
  const isUsed = ({ state }: Candidate) => state.disabled === null;
  const isFresh = (candidate: Candidate) => isUsed(candidate) && !candidate.tried;
  const indices = [
    candidates.findIndex((candidate) => isFresh(candidate) && !candidate.refuses),
    candidates.findIndex(isFresh),
    candidates.findIndex(isUsed),
  ];
  return indices.find((index) => index !== -1);
}

/** The longest wait between two attempts: with it eight attempts outlast the restart of a node. */
const longestBackoffMilliseconds = 8_000;

/** The first wait, where every endpoint has been tried: about the time that a lost connection takes to be made again. */
const firstBackoffMilliseconds = 250;

/**
 * How long to wait before the next attempt: not at all while an endpoint in use has not been tried; else from half to all
 * of an exponentially growing time.
 * @param attempt 1 before the first repetition.
 */
export function backoffMilliseconds(candidates: readonly Candidate[], attempt: number, random: number): number {
  if (candidates.some(({ state, tried }) => state.disabled === null && !tried)) return 0;
  const grown = Math.min(firstBackoffMilliseconds * 2 ** (attempt - 1), longestBackoffMilliseconds);
  return Math.round(grown * (0.5 + random / 2));
}

/** What a pool of endpoints sees. An endpoint is named by its origin alone: a path or a query may hold a key. */
export type PoolEvent =
  | { readonly kind: "endpointDisabled"; readonly endpoint: string; readonly reason: string }
  | { readonly kind: "endpointEnabled"; readonly endpoint: string }
  | { readonly kind: "rpcError"; readonly endpoint: string; readonly method: string; readonly reason: string };

/** A listener. Must not throw. */
export type PoolListener = (event: PoolEvent) => void;

/** How an endpoint is doing. */
export interface EndpointHealth {
  /** Origin of its URL. */
  readonly endpoint: string;
  /** Why it is disabled for now; null if it is used. */
  readonly disabled: string | null;
  /** The newest block that it claimed; null if it has not been asked. */
  readonly headBlock: bigint | null;
}

/** An endpoint's URL as it may be shown. */
export function originOf(url: string): string {
  return new URL(url).origin;
}
