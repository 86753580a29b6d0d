/** What a keeper's events add up to, and whether it is healthy. */
import { type HeadSeen, type KeeperEvent } from "../keeper/run/keeperEvents";
import { balanceChecks, chainCheck, type Check, endpointsCheck, type Sight, type Vitals } from "./health";

/** What the keeper's events add up to. Moments in unix seconds by this machine's clock. */
export interface KeeperState extends Sight {
  /** When the chain was last seen, and what was seen; null before the first look. */
  readonly lastLook: (HeadSeen & { readonly at: number }) | null;
  /** When the Treasury was last seen paused; zero where it never was. */
  readonly pausedAt: number;
  /** The epoch whose quorum is missing, and how much more stake has to sign; null where none is missing. */
  readonly quorumGap: { readonly epoch: number; readonly missingWei: bigint } | null;
  /** The epoch that waits for a human, and why; null where none does. */
  readonly halted: { readonly epoch: number; readonly reason: string } | null;
}

/** A keeper of which nothing is known yet. */
export function newKeeperState(now: number): KeeperState {
  const nothing = { lastLook: null, pausedAt: 0, quorumGap: null, halted: null };
  return { startedAt: now, lastTurnAt: now, ...nothing, hasStopped: false };
}

/** The state after an event. */
export function stateAfter(state: KeeperState, event: KeeperEvent, now: number): KeeperState {
  switch (event.kind) {
    case "started":
      return newKeeperState(now);
    case "looked": {
      const isOver = (one: { readonly epoch: number } | null) => one !== null && one.epoch < event.nextEpochToSettle;
      const halted = isOver(state.halted) ? null : state.halted;
      const quorumGap = isOver(state.quorumGap) ? null : state.quorumGap;
      const pausedAt = event.paused ? now : state.pausedAt;
      return { ...state, lastTurnAt: now, lastLook: { ...event, at: now }, pausedAt, quorumGap, halted };
    }
    case "failed":
      return { ...state, lastTurnAt: now };
    case "halted":
      return { ...state, halted: { epoch: event.epoch, reason: event.reason } };
    case "quorumMissing": {
      const { epoch, signedWei, neededWei } = event;
      return { ...state, quorumGap: neededWei === null ? null : { epoch, missingWei: neededWei - signedWei } };
    }
    case "sent":
      return { ...state, quorumGap: null, halted: null };
    case "stopped":
      return { ...state, hasStopped: true };
    default:
      return state;
  }
}

/**
 * For how long the next epoch could have been settled, in seconds; 0 where it is not due, the Treasury is paused, or
 * nothing was seen yet. The later of this machine's clock and the chain's counts: a keeper that stopped looking becomes
 * overdue anyway.
 */
export function overdueSeconds({ lastLook, pausedAt }: KeeperState, now: number): number {
  if (lastLook === null || lastLook.paused) return 0;
  return Math.max(0, Math.max(now, lastLook.headTimestamp) - Math.max(lastLook.dueAt, pausedAt));
}

/** Everything that must be so for a keeper to do its work. */
export function checkKeeper(vitals: Vitals<KeeperState>): Promise<readonly Check[]> {
  const { limits, now, state, endpoints } = vitals;
  const { lastLook, halted } = state();
  const overdue = Math.floor(overdueSeconds(state(), now()));
  return Promise.resolve([
    chainCheck(vitals),
    endpointsCheck(endpoints()),
    ...balanceChecks(lastLook?.keeperBalanceWei),
    {
      name: "halted",
      ok: halted === null,
      says:
        halted === null
          ? "No epoch needs a human decision."
          : `Epoch ${halted.epoch} needs a human decision: ${halted.reason}`,
    },
    {
      name: "overdue",
      ok: overdue <= limits.overdueSeconds,
      says: `The next epoch is overdue by ${overdue} s (limit ${limits.overdueSeconds} s).`,
    },
  ]);
}
