/** What a keeper's events add up to, and whether it is well. */
import { type HeadSeen, type KeeperEvent } from "../keeper/run/keeperEvents";
import { balanceChecks, type Check, endpointsCheck, type Pulse, roleChecks, type Vitals } from "./health";

/** What the keeper's events add up to. Moments in unix seconds by this machine's clock. */
export interface KeeperState extends Pulse {
  readonly startedAt: number;
  /** When the chain was last seen, and what was seen; null before the first look. */
  readonly lastLook: (HeadSeen & { readonly at: number }) | null;
  /** The epoch that waits for a human, and why; null where none does. */
  readonly halted: { readonly epoch: number; readonly reason: string } | null;
}

/** A keeper of which nothing is known yet. */
export function newKeeperState(now: number): KeeperState {
  return { startedAt: now, lastTurnAt: now, lastLook: null, halted: null, hasStopped: false };
}

/** The state after an event. */
export function stateAfter(state: KeeperState, event: KeeperEvent, now: number): KeeperState {
  switch (event.kind) {
    case "started":
      return newKeeperState(now);
    case "looked": {
      const isOver = state.halted !== null && state.halted.epoch < event.nextEpochToSettle;
      return { ...state, lastTurnAt: now, lastLook: { ...event, at: now }, halted: isOver ? null : state.halted };
    }
    case "failed":
      return { ...state, lastTurnAt: now };
    case "halted":
      return { ...state, halted: { epoch: event.epoch, reason: event.reason } };
    case "sent":
      return { ...state, halted: null };
    case "stopped":
      return { ...state, hasStopped: true };
    default:
      return state;
  }
}

/**
 * For how long the next epoch has been due, in seconds; 0 where it is not, or nothing was seen yet. The later of this
 * machine's clock and the chain's counts: a keeper that stopped looking becomes overdue all the same.
 */
export function overdueSeconds({ lastLook }: KeeperState, now: number): number {
  if (lastLook === null) return 0;
  return Math.max(0, Math.max(now, lastLook.headTimestamp) - lastLook.dueAt);
}

/** Everything that must be so for a keeper to do its work. */
export async function checkKeeper(vitals: Vitals<KeeperState>): Promise<readonly Check[]> {
  const { limits, now, state, endpoints } = vitals;
  const { lastLook, startedAt, halted } = state();
  const lookAge = Math.floor(now() - (lastLook?.at ?? startedAt));
  const overdue = Math.floor(overdueSeconds(state(), now()));
  return [
    {
      name: "chain",
      ok: lastLook !== null && lookAge <= limits.lookSeconds,
      says: `The chain was ${lastLook === null ? "not seen yet" : `last seen ${lookAge} s ago`}, at most ${limits.lookSeconds} s are well.`,
    },
    endpointsCheck(endpoints()),
    ...(await roleChecks("settle", vitals)),
    ...balanceChecks(lastLook?.keeperBalanceWei),
    {
      name: "halted",
      ok: halted === null,
      says:
        halted === null ? "No epoch waits for a human." : `Epoch ${halted.epoch} waits for a human: ${halted.reason}`,
    },
    {
      name: "overdue",
      ok: overdue <= limits.overdueSeconds,
      says: `The next epoch has been due for ${overdue} s, at most ${limits.overdueSeconds} s are well.`,
    },
  ];
}
