import { expect } from "chai";
import { createPublicClient, createWalletClient, http, type PublicClient } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { readerThrough } from "../../scripts/chain/connection";
import { NoAnswerError } from "../../scripts/chain/badAnswers";
import { BadEndpointError, openPool, type Pool } from "../../scripts/chain/rpc/pool";
import { type PoolEvent } from "../../scripts/chain/rpc/endpointState";
import { defaultPoolSettings, type PoolSettings } from "../../scripts/chain/rpc/settings";
import { type Fault, faultsByChance } from "../shared/faults";
import { type FaultyLink, noFaults, openFaultyLink } from "../shared/faultyLink";
import { type DevelopmentNode, startNode } from "../shared/node";
import { rejection } from "../shared/rejection";

/** Long timeouts, as the machine may be slow, and frequent looks at the endpoints, so that tests are quick. */
const settings: PoolSettings = {
  ...defaultPoolSettings,
  timeoutMilliseconds: 300_000,
  lookTimeoutMilliseconds: 300_000,
  lookEveryMilliseconds: 50,
};

describe("A pool of endpoints", () => {
  let node: DevelopmentNode;
  let links: readonly [FaultyLink, FaultyLink, FaultyLink];
  let pool: Pool;
  let reader: PublicClient;
  /** When the pool last asked for the time, in milliseconds. */
  let poolTime = 0;
  let events: (PoolEvent & { readonly at: number })[];

  before(async () => {
    node = await startNode();
    await node.control.mine({ blocks: 30 });
    const open = () => openFaultyLink(node.url);
    links = [await open(), await open(), await open()];
  });

  beforeEach(() => {
    for (const link of links) link.follow(noFaults);
  });

  afterEach(() => {
    pool.close();
  });

  after(() => {
    for (const link of links) link.close();
    node.stop();
  });

  /** Opens a pool whose endpoints have keys in their paths. */
  function open(urls: readonly string[] = links.map(({ url }) => url), changed: Partial<PoolSettings> = {}) {
    events = [];
    const withKeys = urls.map((url) => `${url}/v3/secret`);
    const now = () => (poolTime = performance.now());
    const onEvent = (event: PoolEvent) => events.push({ ...event, at: poolTime });
    pool = openPool(withKeys, { ...settings, ...changed }, onEvent, { now, random: Math.random });
    reader = readerThrough(pool.transport);
  }

  const disabled = () => events.filter((event) => event.kind === "endpointDisabled");

  /** Waits until a condition is true. */
  async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  const always = (fault: Fault) => (): Fault => fault;

  it("sends reads that are made together to the first endpoint, each once", async () => {
    open(undefined, { lookEveryMilliseconds: 3_600_000 });
    await reader.getBlock({ blockNumber: 0n });
    const before = links[0].calls.get("eth_getBlockByNumber")!;
    const blocks = await Promise.all(Array.from({ length: 30 }, (_, i) => reader.getBlock({ blockNumber: BigInt(i) })));
    expect(blocks.map(({ number }) => Number(number))).to.deep.equal([...Array(30).keys()]);
    expect(links[0].calls.get("eth_getBlockByNumber")! - before).to.equal(30);
    expect(events).to.deep.equal([]);
  });

  const faults: readonly { readonly name: string; readonly fault: Fault; readonly reason: RegExp }[] = [
    { name: "breaks connections", fault: { kind: "dropCall" }, reason: /can't be reached/ },
    { name: "cuts answers off", fault: { kind: "truncate" }, reason: /can't be reached|cut off/ },
    { name: "answers without JSON", fault: { kind: "garble" }, reason: /not JSON/ },
    { name: "answers with an unknown id", fault: { kind: "wrongId" }, reason: /answer with an unknown id/ },
    { name: "answers 503", fault: { kind: "status", status: 503 }, reason: /answers 503/ },
    { name: "answers 429", fault: { kind: "status", status: 429, retryAfter: "1" }, reason: /answers 429/ },
    { name: "refuses the key", fault: { kind: "status", status: 401 }, reason: /answers 401/ },
    { name: "hangs", fault: { kind: "hang" }, reason: /did not answer in time/ },
    {
      name: "leads to another chain",
      fault: { kind: "claim", method: "eth_chainId", result: "0x1" },
      reason: /is on chain 1, not 31337/,
    },
    { name: "lags", fault: { kind: "shiftHead", blocks: -20n }, reason: /20 behind/ },
    { name: "claims a head that it can't show", fault: { kind: "shiftHead", blocks: 20n }, reason: /can't return it/ },
  ];
  for (const { name, fault, reason } of faults) {
    it(`disables an endpoint that ${name}, and reports it without its key`, async () => {
      // The others must answer in this time.
      open(undefined, fault.kind === "hang" ? { timeoutMilliseconds: 5_000, lookTimeoutMilliseconds: 5_000 } : {});
      links[0].follow(always(fault));
      await until(async () => (await reader.getBlockNumber()) >= 30n && disabled().length > 0);
      expect(disabled()).to.have.length(1);
      expect(disabled()[0]).to.include({ endpoint: links[0].url });
      expect(disabled()[0]!.reason).to.match(reason);
      expect(pool.endpoints().map((health) => health.disabled === null)).to.deep.equal([false, true, true]);
      expect(JSON.stringify(events)).not.to.contain("secret");
    });
  }

  it("uses a disabled endpoint again once it works", async () => {
    open();
    links[0].follow(always({ kind: "status", status: 503 }));
    await until(async () => (await reader.getBlockNumber()) >= 30n && disabled().length > 0);
    links[0].follow(noFaults);
    await until(async () => {
      await reader.getBlockNumber();
      return events.some(({ kind }) => kind === "endpointEnabled");
    });
    expect(pool.endpoints().map((health) => health.disabled)).to.deep.equal([null, null, null]);
  });

  it("asks an endpoint no earlier than its Retry-After says", async () => {
    open([links[0].url]);
    await reader.getBlockNumber();
    links[0].follow(always({ kind: "status", status: 429, retryAfter: "2" }));
    const asked = reader.getBlockNumber();
    await until(() => disabled().length > 0);
    links[0].follow(noFaults);
    await asked;
    // Timers may be a millisecond early.
    expect(performance.now() - disabled()[0]!.at).to.be.at.least(1_990);
  });

  it("knows its chain, even if one endpoint sometimes names another one", async () => {
    open();
    await reader.getBlockNumber();
    links[0].follow(always({ kind: "claim", method: "eth_chainId", result: "0x1" }));
    expect(await reader.getChainId()).to.equal(31337);
  });

  it("isn't misled permanently by a lying endpoint that answers first", async () => {
    open(undefined, { attempts: 2 });
    links[0].follow(always({ kind: "claim", method: "eth_chainId", result: "0x1" }));
    links[1].follow(always({ kind: "dropCall" }));
    links[2].follow(always({ kind: "dropCall" }));
    await reader.getBlockNumber();
    for (const link of links.slice(1)) link.follow(noFaults);
    await until(async () => (await reader.getChainId()) === 31337);
    await until(() => disabled().some(({ endpoint }) => endpoint === links[0].url));
  });

  it("passes an honest refusal to the caller at once, and blames no endpoint", async () => {
    open();
    const plain = createPublicClient({ transport: http(node.url, { retryCount: 0 }) });
    const bad = (client: PublicClient) => client.call({ to: "0x0000000000000000000000000000000000000001", gas: 1n });
    const expected = await rejection(bad(plain), Error);
    const actual = await rejection(bad(reader), Error);
    expect(actual.name).to.equal(expected.name);
    expect(events).to.deep.equal([]);
  });

  it("sends a transaction once, even if the answer is lost or its bytes arrive twice", async () => {
    open();
    const account = mnemonicToAccount("test test test test test test test test test test test junk", {
      addressIndex: 7,
    });
    const wallet = createWalletClient({ account, transport: pool.transport });
    const nonce = await reader.getTransactionCount({ address: account.address });
    for (const fault of [{ kind: "dropAnswer" }, { kind: "duplicate" }] as const) {
      links[0].follow((methods) => (methods.includes("eth_sendRawTransaction") ? fault : { kind: "pass" }));
      const hash = await wallet.sendTransaction({ to: account.address, chain: null });
      expect((await reader.getTransactionReceipt({ hash })).status).to.equal("success");
    }
    expect(await reader.getTransactionCount({ address: account.address })).to.equal(nonce + 2);
  });

  it("says which endpoints failed and why, if none answers", async () => {
    open(undefined, { attempts: 2 });
    for (const link of links) link.follow(always({ kind: "status", status: 503 }));
    const error = await rejection(reader.getBlockNumber(), NoAnswerError);
    expect(error.shortMessage).to.match(/^No endpoint answered eth_blockNumber: http:\/\/127\.0\.0\.1:\d+ /);
    expect(error.message).not.to.contain("secret");
  });

  it("answers a thousand questions correctly over three endpoints that all fail at random", async () => {
    open();
    const kinds = ["dropCall", "dropAnswer", "truncate", "garble", "wrongId", "reorder"] as const;
    links.forEach((link, i) => {
      link.follow(faultsByChance(i + 1, { rate: 0.2, faults: kinds.map((kind) => ({ kind })) }));
    });
    for (let round = 0; round < 20; round++) {
      const numbers = Array.from({ length: 50 }, (_, i) => BigInt((i * 7 + round) % 30));
      const blocks = await Promise.all(numbers.map((blockNumber) => reader.getBlock({ blockNumber })));
      expect(blocks.map(({ number }) => number)).to.deep.equal(numbers);
    }
  });

  it("also works over WebSockets, opens a new one if one breaks, and leaves none open at the end", async () => {
    open([links[0].socketUrl]);
    for (let round = 0; round < 3; round++) {
      expect(await reader.getBlockNumber()).to.be.at.least(30n);
      expect(pool.endpoints()[0]).to.deep.include({ endpoint: links[0].socketUrl, disabled: null });
      links[0].cutSockets();
    }
    await reader.getBlockNumber();
    expect(links[0].openSockets()).to.equal(1);
    pool.close();
    await until(() => links[0].openSockets() === 0);
  });

  it("refuses a URL that can't be an endpoint, without repeating it", () => {
    open();
    const text = "ftp://somewhere/secret";
    expect(() => openPool([links[0].url, text], settings, () => undefined))
      .to.throw(BadEndpointError)
      .with.property("message", "Endpoint 2 must be a URL that begins with http:, https:, ws: or wss:.");
  });
});
