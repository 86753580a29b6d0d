import { expect } from "chai";
import { parseEther, zeroAddress, zeroHash } from "viem";
import { type EpochFigures } from "../../scripts/keeper/facts/settledEpochs";
import { type HeadSeen, type KeeperEvent } from "../../scripts/keeper/run/keeperEvents";
import { observableKeeper } from "../../scripts/serve/keeper";
import { newState, stateAfter } from "../../scripts/serve/health";
import { openMetrics, rpcCallMetrics } from "../../scripts/serve/metrics";
import { openDashboardMetrics } from "../../scripts/serve/dashboard";
import { figuresIn } from "./observed";

const seen: HeadSeen = {
  headBlock: 120n,
  headTimestamp: 1_000,
  finalBlock: 108n,
  nextEpochToSettle: 3,
  dueAt: 1_010,
  paused: false,
  keeperBalanceWei: parseEther("1.5"),
};

const figures: EpochFigures = {
  epoch: 2,
  utilityWad: parseEther("0.45"),
  qualityWad: parseEther("0.75"),
  emissionWei: parseEther("450"),
  mintedWei: parseEther("416.25"),
  recycledWei: parseEther("33.75"),
  burnedWei: parseEther("12.5"),
  minerRewardsWei: parseEther("175"),
  validatorRewardsWei: parseEther("172"),
  daoWei: parseEther("90"),
  returnedWei: parseEther("0.5"),
  totalSupplyWei: parseEther("2500392"),
};

/** The metrics, at the time `now`, of a keeper that received these events. */
async function metricsAfter(now: number, ...events: readonly KeeperEvent[]): Promise<ReadonlyMap<string, number>> {
  let state = newState(observableKeeper, now);
  const { registry, onEvent } = openMetrics(
    observableKeeper,
    () => state,
    () => now,
  );
  for (const event of events) {
    state = stateAfter(observableKeeper, state, event, now);
    onEvent(event);
  }
  return figuresIn(registry);
}

const final = (change: Partial<EpochFigures> = {}): KeeperEvent => {
  return { kind: "final", figures: { ...figures, ...change }, earlier: 0, transactionHash: zeroHash };
};

describe("The keeper's metrics", () => {
  it("show the figures of the newest final epoch", async () => {
    const metrics = await metricsAfter(1_005, final(), final({ epoch: 1, emissionWei: 0n }));
    expect(Object.fromEntries([...metrics].filter(([name]) => /_epoch(_|$)|supply/.test(name)))).to.deep.include({
      moderntensor_epoch: 2,
      moderntensor_epoch_utility_ratio: 0.45,
      moderntensor_epoch_quality_ratio: 0.75,
      moderntensor_epoch_emission_mdt: 450,
      moderntensor_epoch_minted_mdt: 416.25,
      moderntensor_epoch_recycled_mdt: 33.75,
      moderntensor_epoch_burned_mdt: 12.5,
      moderntensor_epoch_miner_rewards_mdt: 175,
      moderntensor_epoch_validator_rewards_mdt: 172,
      moderntensor_epoch_dao_share_mdt: 90,
      moderntensor_epoch_returned_mdt: 0.5,
      moderntensor_total_supply_mdt: 2_500_392,
    });
  });

  it("don't include an epoch before there is one: a zero would be a figure", async () => {
    const metrics = await metricsAfter(1_005);
    expect([...metrics.keys()].filter((name) => name.includes("epoch"))).to.deep.equal([]);
  });

  it("show the figures of an epoch that was dropped and settled differently", async () => {
    const again = final({ epoch: 1, emissionWei: parseEther("7") });
    const metrics = await metricsAfter(1_005, final(), { kind: "reorganised", epoch: 1 }, again);
    expect(metrics.get("moderntensor_epoch_emission_mdt")).to.equal(7);
  });

  it("show what the keeper sees: blocks and their age, the last settled epoch, its balance", async () => {
    const metrics = await metricsAfter(1_005, { kind: "looked", ...seen });
    expect(Object.fromEntries(metrics)).to.deep.include({
      moderntensor_keeper_head_block: 120,
      moderntensor_keeper_final_block: 108,
      moderntensor_keeper_head_lag_seconds: 5,
      moderntensor_keeper_look_age_seconds: 0,
      moderntensor_keeper_last_settled_epoch: 2,
      moderntensor_keeper_overdue_seconds: 0,
      moderntensor_keeper_balance_ether: 1.5,
      moderntensor_keeper_paused: 0,
      moderntensor_keeper_halted: 0,
    });
  });

  for (const [when, now, headTimestamp, overdue] of [
    ["only after the time at which it is due", 1_010, 1_000, 0],
    ["by this machine's clock", 1_017, 1_000, 7],
    ["by the chain's clock if that is ahead", 1_000, 1_030, 20],
  ] as const) {
    it(`count an epoch as overdue ${when}`, async () => {
      const metrics = await metricsAfter(now, { kind: "looked", ...seen, headTimestamp });
      expect(metrics.get("moderntensor_keeper_overdue_seconds")).to.equal(overdue);
    });
  }

  it("show that an epoch needs a human decision, until it is settled", async () => {
    const halted: KeeperEvent = {
      kind: "halted",
      epoch: 3,
      reason: "It is ten times the last one.",
      mayBeAccepted: true,
    };
    const isHalted = async (...after: KeeperEvent[]) =>
      (await metricsAfter(1_005, halted, ...after)).get("moderntensor_keeper_halted");
    expect(await isHalted()).to.equal(1);
    expect(await isHalted({ kind: "looked", ...seen })).to.equal(1);
    expect(await isHalted({ kind: "looked", ...seen, nextEpochToSettle: 4 })).to.equal(0);
  });

  it("show how much stake still has to sign, until the epoch is settled, and 0 if no quorum is possible", async () => {
    const gap = { signedWei: parseEther("300"), neededWei: parseEther("667"), missing: [], soloFrom: 9_000 };
    const missing: KeeperEvent = { kind: "quorumMissing", epoch: 3, ...gap };
    const missingMdt = async (...events: KeeperEvent[]) =>
      (await metricsAfter(1_005, ...events)).get("moderntensor_keeper_quorum_missing_mdt");
    expect(await missingMdt()).to.equal(0);
    expect(await missingMdt(missing, { kind: "looked", ...seen })).to.equal(367);
    expect(await missingMdt(missing, { kind: "looked", ...seen, nextEpochToSettle: 4 })).to.equal(0);
    expect(await missingMdt(missing, { ...missing, neededWei: null })).to.equal(0);
  });

  it("count what the keeper did, and what it cost", async () => {
    const sent = { kind: "sent", epoch: 3, transactionHash: zeroHash, nonce: 1, maxFeePerGasWei: 1n } as const;
    const mined = { kind: "mined", epoch: 3, transactionHash: zeroHash, blockNumber: 9n, paid: 0 } as const;
    const metrics = await metricsAfter(
      1_005,
      { ...sent, maxPriorityFeePerGasWei: 1n, replaces: null } as KeeperEvent,
      { ...sent, maxPriorityFeePerGasWei: 1n, replaces: zeroHash } as KeeperEvent,
      { ...mined, gasUsed: 106_000n, feeWei: parseEther("0.25") },
      { kind: "failed", during: "looking", reason: "no answer", retryInSeconds: 1 },
    );
    expect(Object.fromEntries(metrics)).to.deep.include({
      moderntensor_keeper_transactions_total: 2,
      moderntensor_keeper_replacements_total: 1,
      moderntensor_keeper_settlements_total: 1,
      moderntensor_keeper_gas_used_total: 106_000,
      moderntensor_keeper_fees_ether_total: 0.25,
      moderntensor_keeper_failures_total: 1,
      moderntensor_keeper_reorganisations_total: 0,
    });
  });

  it("show each endpoint by its origin: whether it is used, and how often it failed", async () => {
    const [a, b] = ["https://a.example", "https://b.example"];
    const metrics = await metricsAfter(
      1_005,
      { kind: "started", chainId: 1, deployment: "chain-1", keeper: zeroAddress, mayBeAlone: false, endpoints: [a, b] },
      { kind: "rpcError", endpoint: b, method: "eth_call", reason: "429" },
      { kind: "endpointDisabled", endpoint: b, reason: "429" },
    );
    expect(metrics.get(`moderntensor_rpc_endpoint_up{endpoint="${a}"}`)).to.equal(1);
    expect(metrics.get(`moderntensor_rpc_endpoint_up{endpoint="${b}"}`)).to.equal(0);
    expect(metrics.get(`moderntensor_rpc_errors_total{endpoint="${a}"}`)).to.equal(0);
    expect(metrics.get(`moderntensor_rpc_errors_total{endpoint="${b}"}`)).to.equal(1);
  });

  it("count calls by method", async () => {
    const { registry } = openMetrics(
      observableKeeper,
      () => newState(observableKeeper, 0),
      () => 0,
    );
    const onCall = rpcCallMetrics(registry);
    onCall("eth_call");
    onCall("eth_call");
    const text = await registry.metrics();
    expect(text).to.include('moderntensor_rpc_calls_total{method="eth_call"} 2');
    expect(text).to.match(/^process_resident_memory_bytes \d+$/m);
  });
});

describe("The dashboard's metrics", () => {
  it("count answers by route and calls by method", async () => {
    const { registry, onAnswer, onCall } = openDashboardMetrics(["https://a.example"]);
    onAnswer({ route: "/v1/epochs/:epoch", status: 200, seconds: 0.01, error: undefined });
    onCall("eth_call");
    const text = await registry.metrics();
    expect(text).to.include('moderntensor_api_answer_seconds_count{route="/v1/epochs/:epoch",status="200"} 1');
    expect(text).to.include('moderntensor_rpc_calls_total{method="eth_call"} 1');
    expect(text).to.match(/^process_resident_memory_bytes \d+$/m);
  });

  it("show each of several endpoints by its origin, but not a single one, which nothing can replace", async () => {
    const alone = await openDashboardMetrics(["https://a.example/KEY"]).registry.metrics();
    expect(alone).not.to.match(/^moderntensor_rpc_endpoint_up\{/m);
    const { registry, onPoolEvent } = openDashboardMetrics(["https://a.example/KEY", "https://b.example/KEY"]);
    onPoolEvent({ kind: "endpointDisabled", endpoint: "https://b.example", reason: "429" });
    const text = await registry.metrics();
    expect(text).to.include('moderntensor_rpc_endpoint_up{endpoint="https://a.example"} 1');
    expect(text).to.include('moderntensor_rpc_endpoint_up{endpoint="https://b.example"} 0');
    expect(text).not.to.include("KEY");
  });
});
