/** What a watcher's events add up to, and whether it is healthy. */
import { type ChainJudged, type Turnout, type WatchEvent } from "../keeper/watch/watchEvents";
import { balanceChecks, type Check, endpointsCheck, type Pulse, roleChecks, type Vitals } from "./health";

/** What the watcher's events add up to. Moments in unix seconds by this machine's clock. */
export interface WatchState extends Pulse {
  readonly startedAt: number;
  /** When an epoch was last judged or a look ended well; null before the first. */
  readonly lastJudgedAt: number | null;
  /** What the last look that ended well saw; null before the first. */
  readonly lastLook: ChainJudged | null;
  /** How much stake has signed the newest settlement that was asked about; null before the first. */
  readonly turnout: Turnout | null;
}

/** A watcher of which nothing is known yet. */
export function newWatchState(now: number): WatchState {
  return { startedAt: now, lastTurnAt: now, lastJudgedAt: null, lastLook: null, turnout: null, hasStopped: false };
}

/** The state after an event. */
export function watchStateAfter(state: WatchState, event: WatchEvent, now: number): WatchState {
  switch (event.kind) {
    case "started":
      return newWatchState(now);
    case "looked":
      return { ...state, lastTurnAt: now, lastJudgedAt: now, lastLook: event };
    case "verified":
    case "repostVerified":
    case "different":
      return { ...state, lastTurnAt: now, lastJudgedAt: now };
    case "signatures":
    case "quorumAtRisk":
      return { ...state, turnout: event };
    case "failed":
      return { ...state, lastTurnAt: now };
    case "stopped":
      return { ...state, hasStopped: true };
    default:
      return state;
  }
}

/** For how long nothing was judged, in seconds. */
export function checkAgeSeconds({ lastJudgedAt, startedAt }: WatchState, now: number): number {
  return Math.max(0, now - (lastJudgedAt ?? startedAt));
}

/** Everything that must be so for a watcher to do its work. A wrong root that is alive is no illness of it, but not well either. */
export async function checkWatcher(vitals: Vitals<WatchState>): Promise<readonly Check[]> {
  const { limits, now, state, endpoints } = vitals;
  const { lastLook } = state();
  const age = Math.floor(checkAgeSeconds(state(), now()));
  const wrongRoots = lastLook?.wrongRoots ?? 0;
  return [
    {
      name: "judging",
      ok: lastLook !== null && age <= limits.lookSeconds,
      says:
        lastLook === null
          ? "It is still catching up: not every epoch is checked yet."
          : `Last checked ${age} s ago (limit ${limits.lookSeconds} s).`,
    },
    endpointsCheck(endpoints()),
    ...(await roleChecks(vitals)),
    ...balanceChecks(lastLook?.guardianBalanceWei),
    { name: "wrongRoots", ok: wrongRoots === 0, says: `Wrong roots that can be claimed against: ${wrongRoots}.` },
  ];
}
