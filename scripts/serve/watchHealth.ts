import { type EndpointHealth } from "../chain/rpc/poolEvents";
import { type Check, endpointsCheck, type HealthSource, roleCheck } from "./health";
import { type HealthLimits } from "./keeperHealth";
import { judgementAge, type WatchState } from "./watchState";

/** What a watcher's health is judged by. */
export interface WatchVitals {
  readonly limits: Pick<HealthLimits, "turnSeconds" | "lookSeconds">;
  /** Unix seconds by this machine's clock. */
  readonly now: () => number;
  readonly state: () => WatchState;
  readonly endpoints: () => readonly EndpointHealth[];
  /** Whether the guardian's account may veto; null where there is no key. Fails where the chain can't be read. */
  readonly holdsRole: (() => Promise<boolean>) | null;
}

/** A watcher's health, for its routes. A wrong root that is alive is no illness of the watcher, but it is not well either. */
export function watchHealth(vitals: WatchVitals): HealthSource {
  const { limits, now, state } = vitals;
  return { turnSeconds: limits.turnSeconds, now, pulse: state, checks: () => checkWatch(vitals) };
}

async function checkWatch({ limits, now, state, endpoints, holdsRole }: WatchVitals): Promise<readonly Check[]> {
  const { lastLook } = state();
  const age = Math.floor(judgementAge(state(), now()));
  const wrongRoots = lastLook?.wrongRoots ?? 0;
  return [
    {
      name: "judging",
      ok: lastLook !== null && age <= limits.lookSeconds,
      says:
        lastLook === null
          ? "Since its start it has not judged everything yet."
          : `It judged last ${age} s ago, at most ${limits.lookSeconds} s are well.`,
    },
    endpointsCheck(endpoints()),
    ...(holdsRole === null ? [] : [await roleCheck("veto", holdsRole)]),
    { name: "wrongRoots", ok: wrongRoots === 0, says: `${wrongRoots} wrong roots are alive.` },
  ];
}
