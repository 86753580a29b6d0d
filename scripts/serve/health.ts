import { Hono } from "hono";
import { type EndpointHealth } from "../chain/rpc/poolEvents";

/** One thing that must be so for a service to do its work. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** One sentence on how it is. */
  readonly says: string;
}

/** What the health of a service is judged by. */
export interface HealthSource {
  /** Its loop must have turned within so many seconds. */
  readonly turnSeconds: number;
  /** Unix seconds by this machine's clock. */
  readonly now: () => number;
  /** When its loop last turned, and whether it has ended. */
  readonly pulse: () => { readonly lastTurnAt: number; readonly hasStopped: boolean };
  /** Everything that must be so for it to do its work. */
  readonly checks: () => Promise<readonly Check[]>;
}

/**
 * `/healthz`: 200 while the process lives and its loop turns; else restart it. `/readyz`: 200 while the service can do its
 * work, else 503; the body says which check fails.
 */
export function healthRoutes({ turnSeconds, now, pulse, checks }: HealthSource): Hono {
  const app = new Hono();
  app.get("/healthz", (c) => {
    const { lastTurnAt, hasStopped } = pulse();
    const idleSeconds = Math.floor(now() - lastTurnAt);
    const isAlive = !hasStopped && idleSeconds <= turnSeconds;
    return c.json({ alive: isAlive, secondsSinceLastTurn: idleSeconds }, isAlive ? 200 : 503);
  });
  app.get("/readyz", async (c) => {
    const checked = await checks();
    const isReady = checked.every(({ ok }) => ok);
    return c.json({ ready: isReady, checks: checked }, isReady ? 200 : 503);
  });
  return app;
}

/** Whether any endpoint is left. */
export function endpointsCheck(health: readonly EndpointHealth[]): Check {
  const used = health.filter(({ leftAside }) => leftAside === null).length;
  return { name: "endpoints", ok: used > 0, says: `${used} of ${health.length} endpoints are used.` };
}

/**
 * Whether the account that signs has its role.
 * @param may What the role lets it do, as "settle".
 * @param holdsRole Fails where the chain can't be read.
 */
export async function roleCheck(may: string, holdsRole: () => Promise<boolean>): Promise<Check> {
  try {
    const ok = await holdsRole();
    return { name: "role", ok, says: `Its account ${ok ? "may" : "may not"} ${may}.` };
  } catch {
    return { name: "role", ok: false, says: `Whether its account may ${may} can't be read.` };
  }
}
