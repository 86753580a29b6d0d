import { Hono } from "hono";
import { type EndpointHealth } from "../chain/rpc/poolEvents";
import { type KeeperState, overdueSeconds } from "./keeperState";

/** One thing that must be so for the keeper to do its work. */
export interface Check {
  readonly name: "chain" | "endpoints" | "role" | "halted" | "overdue";
  readonly ok: boolean;
  /** One sentence on how it is. */
  readonly says: string;
}

/** How long something may take before the keeper counts as unwell. */
export interface HealthLimits {
  /** The loop must have turned within so many seconds. */
  readonly turnSeconds: number;
  /** The chain must have been seen within so many seconds. */
  readonly lookSeconds: number;
  /** The next epoch must not have been due for longer. */
  readonly overdueSeconds: number;
}

/** The limits that fit a network: by how often its keeper looks, and how long its epochs are. */
export function healthLimits(pollSeconds: number, epochSeconds: number): HealthLimits {
  const turnSeconds = Math.max(300, 20 * pollSeconds);
  return { turnSeconds, lookSeconds: Math.max(60, 5 * pollSeconds), overdueSeconds: Math.max(60, epochSeconds / 24) };
}

/** What health is judged by. */
export interface HealthSource {
  readonly limits: HealthLimits;
  /** Unix seconds by this machine's clock. */
  readonly now: () => number;
  readonly state: () => KeeperState;
  readonly endpoints: () => readonly EndpointHealth[];
  /** Whether the keeper's account may settle; fails where the chain can't be read. */
  readonly holdsRole: () => Promise<boolean>;
}

/**
 * `/healthz`: 200 while the process lives and its loop turns; else restart it. `/readyz`: 200 while the keeper can do its
 * work, else 503; the body says which check fails.
 */
export function healthRoutes(source: HealthSource): Hono {
  const app = new Hono();
  app.get("/healthz", (c) => {
    const idleSeconds = Math.floor(source.now() - source.state().lastTurnAt);
    const isAlive = !source.state().hasStopped && idleSeconds <= source.limits.turnSeconds;
    return c.json({ alive: isAlive, secondsSinceLastTurn: idleSeconds }, isAlive ? 200 : 503);
  });
  app.get("/readyz", async (c) => {
    const checks = await checkAll(source);
    const isReady = checks.every(({ ok }) => ok);
    return c.json({ ready: isReady, checks }, isReady ? 200 : 503);
  });
  return app;
}

/** Everything that must be so for the keeper to do its work. */
export async function checkAll(source: HealthSource): Promise<readonly Check[]> {
  const { limits, now, state, endpoints } = source;
  const { lastLook, startedAt, halted } = state();
  const lookAge = Math.floor(now() - (lastLook?.at ?? startedAt));
  const overdue = Math.floor(overdueSeconds(state(), now()));
  const health = endpoints();
  const used = health.filter(({ leftAside }) => leftAside === null).length;
  return [
    {
      name: "chain",
      ok: lastLook !== null && lookAge <= limits.lookSeconds,
      says: `The chain was ${lastLook === null ? "not seen yet" : `last seen ${lookAge} s ago`}, at most ${limits.lookSeconds} s are well.`,
    },
    { name: "endpoints", ok: used > 0, says: `${used} of ${health.length} endpoints are used.` },
    await roleCheck(source),
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

async function roleCheck({ holdsRole }: HealthSource): Promise<Check> {
  try {
    const ok = await holdsRole();
    return { name: "role", ok, says: `The keeper's account ${ok ? "may" : "may not"} settle.` };
  } catch {
    return { name: "role", ok: false, says: "Whether the keeper's account may settle can't be read." };
  }
}
