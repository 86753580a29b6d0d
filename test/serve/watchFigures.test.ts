import { expect } from "chai";
import { parseEther, zeroHash } from "viem";
import { type ChainJudged, type WatchEvent } from "../../scripts/keeper/watch/watchEvents";
import { observableWatcher } from "../../scripts/serve/watcher";
import { observed } from "./observed";

const seen: ChainJudged = {
  headBlock: 120n,
  lastJudgedEpoch: 6,
  wrongRoots: 0,
  guardianBalanceWei: parseEther("1.5"),
};
const looked = (change: Partial<ChainJudged> = {}): WatchEvent => ({ kind: "looked", ...seen, ...change });
const failed: WatchEvent = { kind: "failed", during: "checking settlements", reason: "no answer", retryInSeconds: 1 };
const wrong: WatchEvent = {
  kind: "different",
  finding: {
    epoch: 6,
    difference: "rewardsRoot is another",
    repostDifference: null,
    root: zeroHash,
    rightRoot: zeroHash,
    isVetoed: false,
    isReposted: false,
  },
  isRootWrong: true,
};

function watcherThat(...heard: readonly (readonly [at: number, event: WatchEvent])[]) {
  return observed(observableWatcher, heard);
}

describe("The watcher's metrics", () => {
  it("show the last judged epoch, the time since the last check, and the guardian's balance", async () => {
    const metrics = await watcherThat([1_010, looked()]).metricsAt(1_017);
    expect(Object.fromEntries(metrics)).to.deep.include({
      moderntensor_watch_head_block: 120,
      moderntensor_watch_last_judged_epoch: 6,
      moderntensor_watch_check_age_seconds: 7,
      moderntensor_watch_wrong_roots: 0,
      moderntensor_watch_guardian_balance_ether: 1.5,
    });
  });

  it("don't include what wasn't seen yet, or a guardian's balance if there is no guardian", async () => {
    const shown = async (...heard: readonly (readonly [number, WatchEvent])[]) =>
      [...(await watcherThat(...heard).metricsAt(1_030)).keys()].filter((name) => /epoch|balance|wrong/.test(name));
    expect(await shown()).to.deep.equal([]);
    expect(await shown([1_010, looked({ guardianBalanceWei: null })])).to.deep.equal([
      "moderntensor_watch_last_judged_epoch",
      "moderntensor_watch_wrong_roots",
    ]);
  });

  it("show a growing time since the last check while looks fail", async () => {
    const metrics = await watcherThat([1_010, looked()], [1_400, failed]).metricsAt(1_410);
    expect(metrics.get("moderntensor_watch_check_age_seconds")).to.equal(400);
    expect(metrics.get("moderntensor_watch_failures_total")).to.equal(1);
  });

  it("count alerts by kind, each from zero, and vetoes", async () => {
    const veto = { kind: "vetoSent", fromEpoch: 6, pauses: false, transactionHash: zeroHash, nonce: 1 } as const;
    const overdue: WatchEvent = { kind: "overdue", epoch: 7, dueAt: 900, secondsOverdue: 100 };
    const metrics = await watcherThat(
      [1_001, wrong],
      [1_002, { ...veto, maxFeePerGasWei: 1n }],
      [1_003, overdue],
      [1_004, overdue],
      [1_005, looked({ wrongRoots: 1 })],
    ).metricsAt(1_005);
    expect(Object.fromEntries(metrics)).to.deep.include({
      'moderntensor_watch_alerts_total{kind="different"}': 1,
      'moderntensor_watch_alerts_total{kind="overdue"}': 2,
      'moderntensor_watch_alerts_total{kind="holdersChanged"}': 0,
      'moderntensor_watch_alerts_total{kind="blind"}': 0,
      moderntensor_watch_vetoes_sent_total: 1,
      moderntensor_watch_wrong_roots: 1,
    });
  });

  it("show the share of stake that signs, and count silent validators and epochs that a keeper settled alone", async () => {
    const turnout = {
      signedWei: parseEther("700"),
      neededWei: parseEther("667"),
      totalWei: parseEther("1000"),
      missing: [],
      silent: 2,
    };
    const metrics = await watcherThat(
      [1_001, { kind: "settledAlone", epoch: 6, neededWei: turnout.neededWei }],
      [1_002, { kind: "quorumAtRisk", epoch: 7, ...turnout }],
    ).metricsAt(1_003);
    expect(Object.fromEntries(metrics)).to.deep.include({
      moderntensor_watch_signed_share: 0.7,
      moderntensor_watch_needed_share: 0.667,
      moderntensor_watch_silent_validators: 2,
      moderntensor_watch_settled_alone_total: 1,
    });
  });

  it("show each endpoint by its origin", async () => {
    const endpoint = "https://a.example";
    const metrics = await watcherThat(
      [1_000, { kind: "started", chainId: 1, deployment: "chain-1", guardian: null, endpoints: [endpoint] }],
      [1_001, { kind: "rpcError", endpoint, method: "eth_call", reason: "429" }],
      [1_001, { kind: "endpointDisabled", endpoint, reason: "429" }],
    ).metricsAt(1_001);
    expect(metrics.get(`moderntensor_rpc_endpoint_up{endpoint="${endpoint}"}`)).to.equal(0);
    expect(metrics.get(`moderntensor_rpc_errors_total{endpoint="${endpoint}"}`)).to.equal(1);
  });

  it("count the disagreements of each endpoint, from zero", async () => {
    const endpoints = ["https://a.example", "https://b.example"] as const;
    const reason = `${endpoints[1]} shows something else`;
    const metrics = await watcherThat(
      [1_000, { kind: "started", chainId: 1, deployment: "chain-1", guardian: null, endpoints }],
      [1_001, { kind: "endpointDisagrees", endpoint: endpoints[1], subject: "epoch 6", reason }],
    ).metricsAt(1_001);
    const counts = endpoints.map((one) =>
      metrics.get(`moderntensor_watch_endpoint_disagreements_total{endpoint="${one}"}`),
    );
    expect(counts).to.deep.equal([0, 1]);
  });
});

describe("The watcher's health", () => {
  for (const [title, heard, at, status, seconds] of [
    ["200 while its loop turns, even if every look fails", [1_290, failed], 1_300, 200, 10],
    ["503 if its loop hasn't turned for more than 300 s", [1_010, looked()], 1_311, 503, 301],
    ["503 once it has stopped", [1_000, { kind: "stopped", reason: "SIGTERM" }], 1_000, 503, 0],
  ] as const) {
    it(`/healthz is ${title}`, async () => {
      const answer = await watcherThat(heard).answerAt(at, "/healthz");
      expect(answer).to.deep.equal({ status, body: { alive: status === 200, secondsSinceLastTurn: seconds } });
    });
  }

  it("/readyz is 200 while every epoch is judged", async () => {
    expect(await watcherThat([1_010, looked()]).failingAt(1_070)).to.deep.equal([]);
  });

  it("/readyz names a watcher that hasn't checked every epoch yet, or has checked nothing recently", async () => {
    const notYet = ["It is still catching up: not every epoch is checked yet."];
    expect(await watcherThat().failingAt(1_000)).to.deep.equal(notYet);
    expect(await watcherThat([1_010, { kind: "verified", epoch: 0, signed: null }]).failingAt(1_011)).to.deep.equal(
      notYet,
    );
    expect(await watcherThat([1_010, looked()]).failingAt(1_071)).to.deep.equal([
      "Last checked 61 s ago (limit 60 s).",
    ]);
  });

  it("/readyz names wrong roots that can be claimed against, a lost or unread role, and endpoints if none is in use", async () => {
    const watcher = watcherThat([1_010, looked({ wrongRoots: 2 })]);
    const endpoints = () => [{ endpoint: "https://a.example", disabled: "429", headBlock: 9n }];
    const isGuardian = () => Promise.resolve(false);
    expect(await watcher.failingAt(1_010, { endpoints, isGuardian })).to.deep.equal([
      "0 of 1 endpoints are in use.",
      "Its account may not veto.",
      "Wrong roots that can be claimed against: 2.",
    ]);
    const unread = { isGuardian: () => Promise.reject(new Error("https://a.example/KEY does not answer")) };
    expect(await watcherThat([1_010, looked()]).failingAt(1_010, unread)).to.deep.equal([
      "Can't read from the chain whether its account may veto.",
    ]);
  });
});
