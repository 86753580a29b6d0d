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
   * @param message The reason, for people: without a URL, which may hold a key.
   * @param retryAfterMilliseconds How long the endpoint itself asked clients to wait.
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
  /** How long it is disabled the first time; each further time in a row, twice as long. */
  readonly asideMilliseconds: number;
}

/** For faults that pass by themselves within a moment: one lost packet means little, three in a row mean a fault. */
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
  // Only a human can correct a refused key or another chain.
  denied: { failures: 1, asideMilliseconds: 60_000 },
  otherChain: { failures: 1, asideMilliseconds: 60_000 },
  // A node catches up with a few blocks in about a block's time.
  lags: { failures: 1, asideMilliseconds: 10_000 },
  wentBackwards: { failures: 1, asideMilliseconds: 2_000 },
  unconfirmed: { failures: 1, asideMilliseconds: 30_000 },
  // A look can't find what was wrong, so only time brings it back.
  contradicts: { failures: 1, asideMilliseconds: 300_000 },
};

/** No endpoint is disabled for longer: a repaired one should be found within minutes. */
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

/** The state of an endpoint without known faults. */
export const healthy: EndpointState = { failures: 0, timesDisabled: 0, disabled: null };

/**
 * The state after a fault. Enough of them open the circuit, for longer each time. While it is open, the endpoint is not
 * asked: a call that fails then was pending before, and changes nothing. Only a contradiction counts, because an
 * earlier answer may be found wrong later.
 * @param random From 0 to 1, so that keepers that lost the same endpoint don't all come back at the same moment.
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

/** The state after an answer. It ends a row of faults, but only a look at the endpoint closes an open circuit. */
export function afterAnswer(state: EndpointState): EndpointState {
  return state.disabled === null && state.failures > 0 ? { ...state, failures: 0 } : state;
}

/** Whether a disabled endpoint's time is over, so that it may be looked at again. */
export function isDue({ disabled }: EndpointState, now: number): boolean {
  return disabled !== null && disabled.until <= now;
}

/** An endpoint that may be asked next. */
export interface Candidate {
  readonly state: EndpointState;
  /** Whether it has been asked these calls already. */
  readonly tried: boolean;
  /** Whether it would probably refuse some of them. */
  readonly refuses: boolean;
}

/**
 * The endpoint to ask next: the first in use that has not been tried and would not refuse, else the first in use that
 * has not been tried, else the first in use. The fixed order lets reads that belong together mostly see one node's
 * view.
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

/** The longest wait between two attempts: with it, eight attempts outlast the restart of a node. */
const longestBackoffMilliseconds = 8_000;

/** The first wait once every endpoint has been tried: about the time that reconnecting takes. */
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

/** Events of a pool of endpoints. Only its origin names an endpoint: a path or a query may hold a key. */
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

/** The part of an endpoint's URL that may be shown. */
export function originOf(url: string): string {
  return new URL(url).origin;
}
