import { expect } from "chai";
import { healthLimits, healthRoutes, type Vitals, newState, stateAfter } from "../../scripts/serve/health";
import { type HeadSeen } from "../../scripts/keeper/run/keeperEvents";
import { type KeeperState, observableKeeper } from "../../scripts/serve/keeper";

const seen: HeadSeen = {
  headBlock: 9n,
  headTimestamp: 1_000,
  finalBlock: 9n,
  nextEpochToSettle: 3,
  dueAt: 5_000,
  paused: false,
  keeperBalanceWei: 1n,
};

const looked = stateAfter(observableKeeper, newState(observableKeeper, 1_000), { kind: "looked", ...seen }, 1_000);

/** What a keeper in this state answers at a moment. */
async function answerOf(path: string, now: number, state: KeeperState, change: Partial<Vitals<KeeperState>> = {}) {
  const well: Vitals<KeeperState> = {
    limits: healthLimits(12, 86_400),
    now: () => now,
    state: () => state,
    endpoints: () => [{ endpoint: "https://a.example", disabled: null, headBlock: 9n }],
    isGuardian: null,
  };
  const app = healthRoutes({ ...well, ...change }, observableKeeper.check);
  const response = await app.request(path);
  return { status: response.status, body: await response.json() };
}

/** The checks that fail, by name. */
async function failing(now: number, state: KeeperState, change: Partial<Vitals<KeeperState>> = {}) {
  const { status, body } = await answerOf("/readyz", now, state, change);
  const { ready, checks } = body as { ready: boolean; checks: { name: string; ok: boolean; says: string }[] };
  expect(status).to.equal(ready ? 200 : 503);
  return checks.filter(({ ok }) => !ok).map(({ name, says }) => ({ name, says }));
}

describe("The keeper's health", () => {
  it("has limits that fit the network", () => {
    expect(healthLimits(12, 86_400)).to.deep.equal({ turnSeconds: 300, lookSeconds: 60, overdueSeconds: 3_600 });
    expect(healthLimits(60, 86_400)).to.deep.equal({ turnSeconds: 1_200, lookSeconds: 300, overdueSeconds: 3_600 });
    expect(healthLimits(0.5, 64)).to.deep.equal({ turnSeconds: 300, lookSeconds: 60, overdueSeconds: 60 });
  });

  describe("/healthz", () => {
    for (const [title, now, state, status, seconds] of [
      ["is 200 while the loop turns", 1_300, looked, 200, 300],
      ["is 503 if the loop hasn't turned for more than 300 s", 1_301, looked, 503, 301],
      [
        "is 200 while the loop turns without reading the chain",
        1_500,
        stateAfter(
          observableKeeper,
          looked,
          { kind: "failed", during: "looking", reason: "no answer", retryInSeconds: 60 },
          1_450,
        ),
        200,
        50,
      ],
      [
        "is 503 once the keeper has stopped",
        1_000,
        stateAfter(observableKeeper, looked, { kind: "stopped", reason: "SIGTERM" }, 1_000),
        503,
        0,
      ],
    ] as const) {
      it(title, async () => {
        const answer = await answerOf("/healthz", now, state);
        expect(answer).to.deep.equal({ status, body: { alive: status === 200, secondsSinceLastTurn: seconds } });
      });
    }
  });

  describe("/readyz", () => {
    it("is 200 while every check passes", async () => {
      expect(await failing(1_060, looked)).to.deep.equal([]);
    });

    it("names a chain that was never read, or not recently", async () => {
      const limit = "(limit 60 s).";
      const never = [{ name: "chain", says: `Never read the chain ${limit}` }];
      expect(await failing(1_000, newState(observableKeeper, 1_000))).to.deep.equal(never);
      expect(await failing(1_061, looked)).to.deep.equal([
        { name: "chain", says: `Last read the chain 61 s ago ${limit}` },
      ]);
    });

    it("names the endpoints if none is in use", async () => {
      const endpoints = () => [{ endpoint: "https://a.example", disabled: "429", headBlock: 9n }];
      expect(await failing(1_000, looked, { endpoints })).to.deep.equal([
        { name: "endpoints", says: "0 of 1 endpoints are in use." },
      ]);
      const oneIsLeft = () => [...endpoints(), { endpoint: "https://b.example", disabled: null, headBlock: 9n }];
      expect(await failing(1_000, looked, { endpoints: oneIsLeft })).to.deep.equal([]);
    });

    it("names the empty balance of the account that pays for gas", async () => {
      const empty = stateAfter(observableKeeper, looked, { kind: "looked", ...seen, keeperBalanceWei: 0n }, 1_000);
      expect(await failing(1_000, empty)).to.deep.equal([
        { name: "balance", says: "Its account can't pay for gas: it has none of the chain's own coin." },
      ]);
    });

    it("names the epoch that needs a human decision", async () => {
      const halted = stateAfter(
        observableKeeper,
        looked,
        { kind: "halted", epoch: 3, reason: "Ten times the last.", mayBeAccepted: true },
        1_000,
      );
      expect(await failing(1_000, halted)).to.deep.equal([
        { name: "halted", says: "Epoch 3 needs a human decision: Ten times the last." },
      ]);
    });

    it("names the epoch that has been due for more than 3,600 s, counted from the end of a pause", async () => {
      const now = 5_000 + 3_601;
      const late = stateAfter(observableKeeper, looked, { kind: "looked", ...seen }, now);
      expect(await failing(now - 1, { ...late, lastLook: { ...late.lastLook!, at: now } })).to.deep.equal([]);
      expect(await failing(now, late)).to.deep.equal([
        { name: "overdue", says: "The next epoch is overdue by 3601 s (limit 3600 s)." },
      ]);
      const paused = stateAfter(observableKeeper, looked, { kind: "looked", ...seen, paused: true }, now);
      expect(await failing(now, paused)).to.deep.equal([]);
      const unpaused = stateAfter(observableKeeper, paused, { kind: "looked", ...seen }, now + 3_600);
      expect(await failing(now + 3_600, unpaused)).to.deep.equal([]);
      expect((await failing(now + 3_601, unpaused)).map(({ name }) => name)).to.deep.equal(["overdue"]);
    });
  });
});
