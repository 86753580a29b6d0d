import { type EndpointHealth } from "../chain/rpc/poolEvents";
import { type Check, endpointsCheck, type HealthSource, roleCheck } from "./health";
import { type KeeperState, overdueSeconds } from "./keeperState";

/** How long something may take before a service counts as unwell. */
export interface HealthLimits {
  /** The loop must have turned within so many seconds. */
  readonly turnSeconds: number;
  /** The chain must have been seen within so many seconds. */
  readonly lookSeconds: number;
  /** The next epoch must not have been due for longer. */
  readonly overdueSeconds: number;
}

/** The limits that fit a network: by how often it is looked at, and how long its epochs are. */
export function healthLimits(pollSeconds: number, epochSeconds: number): HealthLimits {
  const turnSeconds = Math.max(300, 20 * pollSeconds);
  return { turnSeconds, lookSeconds: Math.max(60, 5 * pollSeconds), overdueSeconds: Math.max(60, epochSeconds / 24) };
}

/** What a keeper's health is judged by. */
export interface KeeperVitals {
  readonly limits: HealthLimits;
  /** Unix seconds by this machine's clock. */
  readonly now: () => number;
  readonly state: () => KeeperState;
  readonly endpoints: () => readonly EndpointHealth[];
  /** Whether the keeper's account may settle; fails where the chain can't be read. */
  readonly holdsRole: () => Promise<boolean>;
}

/** A keeper's health, for its routes. */
export function keeperHealth(vitals: KeeperVitals): HealthSource {
  const { limits, now, state } = vitals;
  return { turnSeconds: limits.turnSeconds, now, pulse: state, checks: () => checkKeeper(vitals) };
}

async function checkKeeper({ limits, now, state, endpoints, holdsRole }: KeeperVitals): Promise<readonly Check[]> {
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
    await roleCheck("settle", holdsRole),
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
