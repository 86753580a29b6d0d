import { expect } from "chai";
import { parseEther, zeroAddress, zeroHash } from "viem";
import { type NodeEvent, type ValidatorEvent } from "../../scripts/nodes/run/nodeEvents";
import { rpcCallMetrics } from "../../scripts/serve/metrics";
import { observableNode } from "../../scripts/serve/node";
import { observed } from "./observed";

const endpoint = "https://a.example";
const looked = (change: { headTimestamp?: number; balanceWei?: bigint } = {}): NodeEvent => ({
  ...{ kind: "looked", headBlock: 120n, headTimestamp: 1_000, epoch: 3, balanceWei: parseEther("1.5"), ...change },
});
const failed: NodeEvent = { kind: "failed", during: "looking at the chain", reason: "no answer", retryInSeconds: 1 };
const mined: NodeEvent = {
  ...{ kind: "mined", duties: ["complete task 1", "complete task 2"], transactionHash: zeroHash, blockNumber: 9n },
  ...{ feeWei: parseEther("0.25"), hasReverted: false },
};

const signed: ValidatorEvent = {
  ...{ kind: "signed", what: "settlement", epoch: 7, digest: zeroHash, block: 90n, because: null, seconds: 1 },
};
const refused: ValidatorEvent = {
  ...{ kind: "signingRefused", what: "settlement", epoch: 8, block: 99n, mayBeAccepted: false },
  reason: "Epoch 7 was settled incorrectly: emission is 2 on chain, but should be 1",
};
const behind: ValidatorEvent = { kind: "signingBehind", epoch: 8, block: 99n, seconds: 3_600, isComputing: false };

function nodeThat(...heard: readonly (readonly [at: number, event: ValidatorEvent])[]) {
  return observed(observableNode, heard);
}

describe("A miner's or validator's metrics", () => {
  it("show the head, its age, the age of the last look, and the account's balance", async () => {
    const metrics = await nodeThat([1_005, looked()]).metricsAt(1_007);
    expect(Object.fromEntries(metrics)).to.deep.include({
      moderntensor_node_head_block: 120,
      moderntensor_node_head_lag_seconds: 7,
      moderntensor_node_look_age_seconds: 2,
      moderntensor_node_balance_ether: 1.5,
    });
  });

  it("show only the time since the start if the chain was never read", async () => {
    const metrics = await nodeThat([1_050, failed]).metricsAt(1_060);
    expect([...metrics.keys()].filter((name) => /head|balance/.test(name))).to.deep.equal([]);
    expect(metrics.get("moderntensor_node_look_age_seconds")).to.equal(60);
  });

  it("show no negative age if the chain's clock is ahead", async () => {
    const metrics = await nodeThat([1_000, looked({ headTimestamp: 1_030 })]).metricsAt(1_000);
    expect(metrics.get("moderntensor_node_head_lag_seconds")).to.equal(0);
  });

  it("count events by kind, duties done, and fees, including those of reverted transactions", async () => {
    const metrics = await nodeThat([1_001, mined], [1_002, { ...mined, hasReverted: true }]).metricsAt(1_002);
    expect(Object.fromEntries(metrics)).to.deep.include({
      'moderntensor_node_events_total{kind="mined"}': 2,
      moderntensor_node_duties_done_total: 2,
      moderntensor_node_fees_ether_total: 0.5,
    });
  });

  it("count each kind of warning from zero, so that the first one shows as a rise", async () => {
    const metrics = await nodeThat().metricsAt(1_000);
    const signing = ["signingRefused", "signingBehind", "settledDifferently"];
    for (const kind of ["deadlineMissed", "scoresLost", "jailNear", "refused", "feeAboveCeiling", ...signing]) {
      expect(metrics.get(`moderntensor_node_events_total{kind="${kind}"}`), kind).to.equal(0);
    }
  });

  it("show whether a validator signs, once that is known", async () => {
    const shown = async (...events: ValidatorEvent[]) => {
      const node = nodeThat(...events.map((event) => [1_000, event] as const));
      return (await node.metricsAt(1_000)).get("moderntensor_node_signs");
    };
    expect(await Promise.all([shown(), shown(signed), shown(signed, refused), shown(signed, behind)])).to.deep.equal([
      ...[undefined, 1, 0, 0],
    ]);
    expect(await shown(refused, signed)).to.equal(1);
  });

  it("show each endpoint by its origin, and count calls by method", async () => {
    const account = zeroAddress;
    const started: NodeEvent = {
      ...{ kind: "started", role: "miner", id: "1", account, chainId: 1, deployment: "chain-1", endpoints: [endpoint] },
    };
    const node = nodeThat([1_000, started], [1_001, { kind: "endpointDisabled", endpoint, reason: "429" }]);
    rpcCallMetrics(node.metrics.registry)("eth_call");
    const metrics = await node.metricsAt(1_001);
    expect(metrics.get(`moderntensor_rpc_endpoint_up{endpoint="${endpoint}"}`)).to.equal(0);
    expect(metrics.get('moderntensor_rpc_calls_total{method="eth_call"}')).to.equal(1);
  });
});

describe("A miner's or validator's health", () => {
  for (const [title, heard, at, status, seconds] of [
    ["200 while its loop turns, even if every look fails", [1_290, failed], 1_300, 200, 10],
    ["503 if its loop hasn't turned for more than 300 s", [1_010, looked()], 1_311, 503, 301],
    ["503 once it has stopped", [1_000, { kind: "stopped", reason: "SIGTERM" }], 1_000, 503, 0],
  ] as const) {
    it(`/healthz is ${title}`, async () => {
      const answer = await nodeThat(heard).answerAt(at, "/healthz");
      expect(answer).to.deep.equal({ status, body: { alive: status === 200, secondsSinceLastTurn: seconds } });
    });
  }

  it("/readyz is 200 while the chain is read", async () => {
    expect(await nodeThat([1_010, looked()]).failingAt(1_070)).to.deep.equal([]);
  });

  it("/readyz names a chain that was never read, or not recently", async () => {
    const limit = "(limit 60 s).";
    expect(await nodeThat().failingAt(1_000)).to.deep.equal([`Never read the chain ${limit}`]);
    expect(await nodeThat([1_010, looked()]).failingAt(1_071)).to.deep.equal([`Last read the chain 61 s ago ${limit}`]);
  });

  it("/readyz names an epoch that a validator refuses or is late to sign, and why, until it signs again", async () => {
    expect(await nodeThat([1_010, looked()], [1_010, refused]).failingAt(1_010)).to.deep.equal([
      "Refused to sign the settlement of epoch 8, as of block 99: Epoch 7 was settled incorrectly: emission is 2 on chain, but should be 1.",
    ]);
    expect(await nodeThat([1_010, looked()], [1_010, behind]).failingAt(1_010)).to.deep.equal([
      "Epoch 8 has been due for 3600 s and is not signed yet: block 99 is final.",
    ]);
    expect(await nodeThat([1_010, looked()], [1_010, refused], [1_011, signed]).failingAt(1_011)).to.deep.equal([]);
  });

  it("/readyz names an account that can't pay for gas, and endpoints if none is in use", async () => {
    const node = nodeThat([1_010, looked({ balanceWei: 0n })]);
    const endpoints = () => [{ endpoint, disabled: "429", headBlock: 9n }];
    expect(await node.failingAt(1_010, { endpoints })).to.deep.equal([
      "0 of 1 endpoints are in use.",
      "Its account can't pay for gas: it has none of the chain's own coin.",
    ]);
  });
});
