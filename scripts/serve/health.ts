import { Hono } from "hono";
import { type EndpointHealth } from "../chain/rpc/poolEvents";

/** One thing that must be so for a service to do its work. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** One sentence on how it is. */
  readonly says: string;
}

/** How long something may take before a service counts as unwell. */
export interface HealthLimits {
  /** The loop must have turned within this many seconds. */
  readonly turnSeconds: number;
  /** The chain must have been seen within this many seconds. */
  readonly lookSeconds: number;
  /** The next epoch must not have been due for longer. */
  readonly overdueSeconds: number;
}

/** The limits that fit a network: by how often it is looked at, and how long its epochs are. */
export function healthLimits(pollSeconds: number, epochSeconds: number): HealthLimits {
  const turnSeconds = Math.max(300, 20 * pollSeconds);
  return { turnSeconds, lookSeconds: Math.max(60, 5 * pollSeconds), overdueSeconds: Math.max(60, epochSeconds / 24) };
}

/** What the state of any service says of its loop. */
export interface Pulse {
  /** When its loop last turned, unix seconds by this machine's clock. */
  readonly lastTurnAt: number;
  readonly hasStopped: boolean;
}

/** What the state of a service says that looks at the chain. */
export interface Sight extends Pulse {
  readonly startedAt: number;
  /** When the chain was last seen; null before the first look. */
  readonly lastLook: { readonly at: number } | null;
}

/** For how many seconds the chain was not seen. */
export function lookAgeSeconds({ lastLook, startedAt }: Sight, now: number): number {
  return Math.max(0, now - (lastLook?.at ?? startedAt));
}

/** Whether the chain was seen recently enough. */
export function chainCheck({ limits, now, state }: Pick<Vitals<Sight>, "limits" | "now" | "state">): Check {
  const age = Math.floor(lookAgeSeconds(state(), now()));
  const wasSeen = state().lastLook !== null;
  return {
    name: "chain",
    ok: wasSeen && age <= limits.lookSeconds,
    says: `${wasSeen ? `Last read the chain ${age} s ago` : "Never read the chain"} (limit ${limits.lookSeconds} s).`,
  };
}

/** What the health of a service is judged by. */
export interface Vitals<S extends Pulse> {
  readonly limits: HealthLimits;
  /** Unix seconds by this machine's clock. */
  readonly now: () => number;
  readonly state: () => S;
  readonly endpoints: () => readonly EndpointHealth[];
  /** Whether its account has the role that it takes; null where it takes none. Fails where the chain can't be read. */
  readonly holdsRole: (() => Promise<boolean>) | null;
}

/**
 * `/healthz`: 200 while the process lives and its loop turns; else restart it. `/readyz`: 200 while the service can do its
 * work, else 503; the body says which check fails.
 * @param check Everything that must be so for it to do its work.
 */
export function healthRoutes<S extends Pulse>(
  vitals: Vitals<S>,
  check: (vitals: Vitals<S>) => Promise<readonly Check[]>,
): Hono {
  const { limits, now, state } = vitals;
  const app = new Hono();
  app.get("/healthz", (c) => {
    const { lastTurnAt, hasStopped } = state();
    const idleSeconds = Math.floor(now() - lastTurnAt);
    const isAlive = !hasStopped && idleSeconds <= limits.turnSeconds;
    return c.json({ alive: isAlive, secondsSinceLastTurn: idleSeconds }, isAlive ? 200 : 503);
  });
  app.get("/readyz", async (c) => {
    const checked = await check(vitals);
    const isReady = checked.every(({ ok }) => ok);
    return c.json({ ready: isReady, checks: checked }, isReady ? 200 : 503);
  });
  return app;
}

/** Whether any endpoint is left. */
export function endpointsCheck(health: readonly EndpointHealth[]): Check {
  const used = health.filter(({ disabled }) => disabled === null).length;
  return { name: "endpoints", ok: used > 0, says: `${used} of ${health.length} endpoints are in use.` };
}

/** Whether the account that signs is a guardian; no check where there is none. */
export async function roleChecks({ holdsRole }: Pick<Vitals<Pulse>, "holdsRole">): Promise<readonly Check[]> {
  if (holdsRole === null) return [];
  try {
    const ok = await holdsRole();
    return [{ name: "role", ok, says: `Its account ${ok ? "may" : "may not"} veto.` }];
  } catch {
    return [{ name: "role", ok: false, says: "Can't read from the chain whether its account may veto." }];
  }
}

/** Whether the account that signs can pay for gas; no check where there is none, or while it is not known. */
export function balanceChecks(balanceWei: bigint | null | undefined): readonly Check[] {
  if (typeof balanceWei !== "bigint") return [];
  const ok = balanceWei > 0n;
  const says = ok
    ? "Its account can pay for gas."
    : "Its account can't pay for gas: it has none of the chain's own coin.";
  return [{ name: "balance", ok, says }];
}
