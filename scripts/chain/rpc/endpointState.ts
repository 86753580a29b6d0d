import { type EndpointFault, longestAsideMilliseconds, treatments } from "./faults";

/** What is remembered of an endpoint's behaviour: the state of its circuit breaker. Times are in milliseconds. */
export interface EndpointState {
  /** Faults in a row. */
  readonly strikes: number;
  /** How often in a row it was left aside, without a good look at it in between. */
  readonly timesAside: number;
  /** Set while the endpoint is left aside. After `until` it is looked at, and used again only if all is well. */
  readonly leftAside: { readonly reason: string; readonly until: number } | null;
}

/** An endpoint of which nothing bad is known. */
export const innocent: EndpointState = { strikes: 0, timesAside: 0, leftAside: null };

/**
 * After a fault. Enough of them open the circuit, for longer each time. While it is open nobody is asked, so what fails then
 * was on its way before, and changes nothing.
 * @param random From 0 to 1: keepers that lost the same endpoint shall not all come back at the same moment.
 */
export function afterFault(state: EndpointState, fault: EndpointFault, now: number, random: number): EndpointState {
  if (state.leftAside !== null && now < state.leftAside.until) return state;
  const strikes = state.strikes + 1;
  const { strikes: allowed, asideMilliseconds } = treatments[fault.kind];
  if (strikes < allowed && state.leftAside === null) return { ...state, strikes };
  const doubled = Math.min(asideMilliseconds * 2 ** state.timesAside, longestAsideMilliseconds);
  const asked = Math.min(fault.retryAfterMilliseconds ?? 0, longestAsideMilliseconds);
  const until = now + Math.max(asked, Math.round(doubled * (0.5 + random / 2)));
  return { strikes, timesAside: state.timesAside + 1, leftAside: { reason: fault.message, until } };
}

/** After an answer. It ends a row of faults, but a circuit that is open is closed by a look at the endpoint alone. */
export function afterAnswer(state: EndpointState): EndpointState {
  return state.leftAside === null && state.strikes > 0 ? { ...state, strikes: 0 } : state;
}

/** Whether an endpoint that is left aside has had its time, and may be looked at again. */
export function isDue({ leftAside }: EndpointState, now: number): boolean {
  return leftAside !== null && leftAside.until <= now;
}

/** An endpoint as the choice sees it. */
export interface Candidate {
  readonly state: EndpointState;
  /** Whether it has been asked for the calls in question already. */
  readonly tried: boolean;
}

/**
 * Which endpoint is asked next: the first that is in use and has not been tried, in the order in which the endpoints are
 * given, so that reads that belong together mostly see one node's view; else the first in use.
 * @returns Its index; undefined where all are left aside.
 */
export function nextEndpoint(candidates: readonly Candidate[]): number | undefined {
  const isUsed = ({ state }: Candidate) => state.leftAside === null;
  const fresh = candidates.findIndex((candidate) => isUsed(candidate) && !candidate.tried);
  const index = fresh === -1 ? candidates.findIndex(isUsed) : fresh;
  return index === -1 ? undefined : index;
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
  if (candidates.some(({ state, tried }) => state.leftAside === null && !tried)) return 0;
  const grown = Math.min(firstBackoffMilliseconds * 2 ** (attempt - 1), longestBackoffMilliseconds);
  return Math.round(grown * (0.5 + random / 2));
}
