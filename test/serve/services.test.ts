import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { formatEther } from "viem";
import { type Connection, connectionOf, transportOf } from "../../scripts/chain/connection";
import { toWire } from "../../scripts/api/answers";
import { figuresOf, readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { type KeeperEvent } from "../../scripts/keeper/run/keeperEvents";
import { startServedKeeper } from "../../scripts/serve/services";
import { startDashboard } from "../shared/dashboard";
import { openFaultyLink } from "../shared/faultyLink";
import { type DevelopmentNode, nodeAccount, startNode } from "../shared/node";
import { rejection } from "../shared/rejection";
import { startWeb3Signer, type Web3Signer } from "../shared/web3signer";

/** The key of the node's first account, which is the keeper. */
const keeperKey = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

const address = { host: "127.0.0.1", port: 0 };

describe("A service that runs until it is stopped", () => {
  let node: DevelopmentNode;
  let connection: Connection;

  let signer: Web3Signer;

  before(async () => {
    node = await startNode();
    connection = await node.deploy();
    signer = await startWeb3Signer([keeperKey], connection.deployment.chainId);
    await node.advanceTo(await connection.contracts.treasury.read.revealEnd([0n]));
  });

  after(() => {
    signer.close();
    node.stop();
  });

  /** The status and the body of each path. */
  async function answersOf(url: string, ...paths: readonly string[]) {
    return Promise.all(
      paths.map(async (path) => {
        const response = await fetch(`${url}${path}`);
        return { status: response.status, body: await response.text() };
      }),
    );
  }

  const figure = (metrics: string, name: string) => Number(new RegExp(`^${name} (.*)$`, "m").exec(metrics)?.[1]);

  it("settles as a keeper with a remote signer's key, and serves only health and metrics, with the chain's figures", async () => {
    const stopping = new AbortController();
    let url = "";
    let seen: Promise<readonly { status: number; body: string }[]> | undefined;
    const onEvent = (event: KeeperEvent) => {
      if (event.kind === "serving") url = event.url;
      if (event.kind !== "final" || seen !== undefined) return;
      seen = answersOf(url, "/healthz", "/readyz", "/metrics", "/v1/epochs", "/openapi.json", "/").finally(() => {
        stopping.abort("the test has seen enough");
      });
    };
    await startServedKeeper(
      {
        endpoints: [node.url],
        keys: { MDT_REMOTE_SIGNER: signer.url },
        dataRoot: node.dataDirectory,
        listeners: [onEvent],
        stopping: stopping.signal,
      },
      address,
    );
    const [health, ready, metrics, ...others] = (await seen)!;
    expect(signer.calls.map(({ method }) => method)).to.include.members(["eth_accounts", "eth_signTransaction"]);
    expect(JSON.parse(health!.body)).to.deep.include({ alive: true });
    expect(JSON.parse(ready!.body)).to.deep.include({ ready: true });
    const figures = figuresOf(await readSettledEpochs(connection))[0]!;
    const shown = (name: string) => figure(metrics!.body, name);
    expect(shown("moderntensor_epoch")).to.equal(0);
    expect(shown("moderntensor_epoch_emission_mdt")).to.equal(Number(formatEther(figures.emissionWei)));
    expect(shown("moderntensor_epoch_utility_ratio")).to.equal(Number(formatEther(figures.utilityWad)));
    expect(shown("moderntensor_total_supply_mdt")).to.equal(Number(formatEther(figures.totalSupplyWei)));
    expect(shown("moderntensor_keeper_last_settled_epoch")).to.equal(0);
    expect(shown("moderntensor_root_vetoed")).to.equal(0);
    expect(metrics!.body).to.match(/^moderntensor_rpc_calls_total\{method="eth_call"\} \d+$/m);
    expect(others.map(({ status }) => status)).to.deep.equal([404, 404, 404]);
    await rejection(answersOf(url, "/healthz"), TypeError);
  });

  it("serves as a dashboard the page, the API, its health and metrics, and gives pending answers when stopped", async () => {
    const link = await openFaultyLink(node.url);
    const through = connectionOf(transportOf(link.url), connection.deployment);
    const { url, mistakes, stop } = await startDashboard(through, node.dataDirectory);
    const [epochs, page, health] = await answersOf(url, "/v1/epochs?limit=1", "/", "/healthz");
    const figures = figuresOf(await readSettledEpochs(connection));
    expect(JSON.parse(epochs!.body)).to.deep.equal({ epochs: toWire(figures), next: null });
    expect(page!.body).to.match(/^<!doctype html>/);
    expect(health).to.deep.equal({ status: 200, body: '{"alive":true}' });
    const [metrics] = await answersOf(url, "/metrics");
    expect(figure(metrics!.body, 'moderntensor_api_answer_seconds_count{route="/v1/epochs",status="200"}')).to.equal(1);
    const nothing = await answersOf(url, "/readyz");
    expect(nothing).to.deep.equal([{ status: 404, body: '{"error":"No such path: /readyz. See /openapi.json."}' }]);
    // After it has read what it reads in the background, too.
    await answersOf(url, `/v1/accounts/${nodeAccount(0)}/history`);
    const asked = link.stopNext("eth_call");
    const late = answersOf(url, "/v1/supply");
    const call = await asked;
    let hasStopped = false;
    const stopped = stop().finally(() => (hasStopped = true));
    await rejection(answersOf(url, "/healthz"), TypeError);
    await sleep(50);
    expect(hasStopped, "before its last answer").to.equal(false);
    call.pass();
    expect((await late)[0]!.status).to.equal(200);
    await stopped;
    link.close();
    await rejection(answersOf(url, "/healthz"), TypeError);
    expect(mistakes).to.deep.equal([]);
  });
});
