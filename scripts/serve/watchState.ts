import { type ChainJudged, type WatchEvent } from "../keeper/watch/watchEvents";

/** What the watcher's events add up to. Moments in unix seconds by this machine's clock. */
export interface WatchState {
  readonly startedAt: number;
  /** When it last judged, looked or failed. */
  readonly lastTurnAt: number;
  /** When an epoch was last judged or a look ended well; null before the first. */
  readonly lastJudgedAt: number | null;
  /** What the last look that ended well saw; null before the first. */
  readonly lastLook: ChainJudged | null;
  readonly hasStopped: boolean;
}

/** A watcher of which nothing is known yet. */
export function newWatchState(now: number): WatchState {
  return { startedAt: now, lastTurnAt: now, lastJudgedAt: null, lastLook: null, hasStopped: false };
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
    case "failed":
      return { ...state, lastTurnAt: now };
    case "stopped":
      return { ...state, hasStopped: true };
    default:
      return state;
  }
}

/** For how long nothing was judged, in seconds. */
export function judgementAge({ lastJudgedAt, startedAt }: WatchState, now: number): number {
  return Math.max(0, now - (lastJudgedAt ?? startedAt));
}
