import { Hono } from "hono";
import { type Registry } from "prom-client";
import { type EndpointHealth } from "../chain/rpc/endpointState";

/** One condition for a service to do its work. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** The current state, in one sentence. */
  readonly says: string;
}

/** How long something may take before a service counts as unwell. */
interface HealthLimits {
  /** The loop must have turned within this many seconds. */
  readonly turnSeconds: number;
  /** The chain must have been seen within this many seconds. */
  readonly lookSeconds: number;
  /** The next epoch must not have been due for longer than this. */
  readonly overdueSeconds: number;
}

/** The limits that fit a network, given how often it is looked at and how long its epochs are. */
export function healthLimits(pollSeconds: number, epochSeconds: number): HealthLimits {
  const turnSeconds = Math.max(300, 20 * pollSeconds);
  return { turnSeconds, lookSeconds: Math.max(60, 5 * pollSeconds), overdueSeconds: Math.max(60, epochSeconds / 24) };
}

/** What the state of any service says about its loop. Moments in unix seconds by this machine's clock. */
export interface Pulse {
  readonly startedAt: number;
  /** When its loop last turned. */
  readonly lastTurnAt: number;
  readonly hasStopped: boolean;
}

/** What the state of a service that looks at the chain says about it. */
export interface Sight extends Pulse {
  /** When the chain was last seen; null before the first look. */
  readonly lastLook: { readonly at: number } | null;
}

/** Seconds since the chain was last seen; since the start if it never was. */
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
  /** Whether its account may veto; null if it has none. Fails if the chain can't be read. */
  readonly isGuardian: (() => Promise<boolean>) | null;
}

/** A service as its observers see it. */
export interface Observable<S extends Pulse, E> {
  /** Its state before its first event. */
  readonly nothing: Omit<S, keyof Pulse>;
  /** The state after one of its events. */
  readonly after: (state: S, event: E, now: number) => S;
  /** Checks every condition for it to do its work. */
  readonly check: (vitals: Vitals<S>) => Promise<readonly Check[]>;
  /**
   * Shows its figures to Prometheus.
   * @param stateOf Its state, asked for at each scrape.
   * @returns A listener that must be called with every event, to keep the figures right.
   */
  readonly show: (registry: Registry, stateOf: () => S, now: () => number) => (event: E) => void;
}

/** The state of a service before its first event. */
export function newState<S extends Pulse, E>({ nothing }: Observable<S, E>, now: number): S {
  return { startedAt: now, lastTurnAt: now, hasStopped: false, ...nothing } as S;
}

/** The state after any event of a service. */
export function stateAfter<S extends Pulse, E extends { readonly kind: string }>(
  service: Observable<S, E>,
  state: S,
  event: E,
  now: number,
): S {
  switch (event.kind) {
    case "started":
      return newState(service, now);
    case "stopped":
      return { ...state, hasStopped: true };
    case "looked":
    case "failed":
      return service.after({ ...state, lastTurnAt: now }, event, now);
    default:
      return service.after(state, event, now);
  }
}

/**
 * `/healthz`: 200 while the process lives and its loop turns; else 503: restart it. `/readyz`: 200 while the service
 * can do its work, else 503; the body says which check fails.
 */
export function healthRoutes<S extends Pulse>(vitals: Vitals<S>, check: Observable<S, never>["check"]): Hono {
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

/** Whether any endpoint is in use. */
export function endpointsCheck(health: readonly EndpointHealth[]): Check {
  const used = health.filter(({ disabled }) => disabled === null).length;
  return { name: "endpoints", ok: used > 0, says: `${used} of ${health.length} endpoints are in use.` };
}

/** Whether the account that signs can pay for gas; no check if there is no account, or its balance is not known. */
export function balanceChecks(balanceWei: bigint | null | undefined): readonly Check[] {
  if (typeof balanceWei !== "bigint") return [];
  const ok = balanceWei > 0n;
  const says = ok
    ? "Its account can pay for gas."
    : "Its account can't pay for gas: it has none of the chain's own coin.";
  return [{ name: "balance", ok, says }];
}
