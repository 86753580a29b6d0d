import { expect } from "chai";
import { numberToHex, type PublicClient } from "viem";
import { readerThrough } from "../../scripts/chain/connection";
import { type PoolEvent } from "../../scripts/chain/rpc/endpointState";
import { openPool, type Pool } from "../../scripts/chain/rpc/pool";
import { defaultPoolSettings, type PoolSettings } from "../../scripts/chain/rpc/settings";
import { openProvider, type Provider, type ProviderCall, type Reply } from "../shared/provider";

const head = 100n;
const patience = 300_000;

describe("A look at the endpoints of a pool", () => {
  let providers: readonly [Provider, Provider];
  let pool: Pool;
  let events: PoolEvent[];
  /** Milliseconds on the pool's clock. */
  let now: number;

  beforeEach(async () => {
    providers = [await openProvider(head), await openProvider(head)];
    events = [];
    now = 0;
  });

  afterEach(() => {
    pool.close();
    for (const provider of providers) provider.close();
  });

  function readerOver(count: number, changed: Partial<PoolSettings> = {}): PublicClient {
    const urls = providers.slice(0, count).map(({ url }) => url);
    const settings = { ...defaultPoolSettings, lookEveryMilliseconds: 1_000, ...changed };
    pool = openPool(urls, settings, (event) => events.push(event), { now: () => now, random: () => 1 });
    return readerThrough(pool.transport);
  }

  const looks = (index: 0 | 1) => providers[index].calls.filter(({ method }) => method === "eth_chainId").length;

  it("waits no longer than its own timeout, and finds an endpoint that hangs", async () => {
    providers[0].follow(() => ({ kind: "hang" }));
    const reader = readerOver(2, { timeoutMilliseconds: patience, lookTimeoutMilliseconds: 500 });
    expect(await reader.getBlockNumber()).to.equal(head);
    const [endpoint, reason] = [providers[0].url, "did not answer in time"];
    expect(events).to.deep.equal([
      { kind: "rpcError", endpoint, method: "eth_blockNumber", reason },
      { kind: "endpointDisabled", endpoint, reason },
    ]);
    expect(pool.endpoints()).to.deep.equal([
      { endpoint, disabled: reason, headBlock: null },
      { endpoint: providers[1].url, disabled: null, headBlock: head },
    ]);
  });

  for (const [what, method, reply] of [
    ["a chain id", "eth_chainId", { kind: "error", error: { code: -32_600, message: "Xyzzy." } }],
    ["a chain id in hexadecimal digits", "eth_chainId", { kind: "result", result: 1 }],
    ["a block 0", "eth_getBlockByNumber", { kind: "result", result: null }],
    ["a newest block", "eth_blockNumber", { kind: "result", result: "latest" }],
  ] as const) {
    it(`blames an endpoint without ${what}`, async () => {
      providers[0].follow((call: ProviderCall): Reply | undefined => (call.method === method ? reply : undefined));
      const reader = readerOver(2);
      expect(await reader.getBlockNumber()).to.equal(head);
      expect(events[0]).to.deep.equal({
        ...{ kind: "rpcError", endpoint: providers[0].url, method: "eth_blockNumber" },
        reason: "does not report its chain id and newest block",
      });
    });
  }

  it("disables an endpoint that can't show the block that it reports as its newest", async () => {
    const other = { number: numberToHex(head - 1n), hash: `0x${"ab".repeat(32)}`, timestamp: "0x65000000" };
    for (const shown of [other, null]) {
      providers[0].follow(({ params }) =>
        params[0] === numberToHex(head) ? { kind: "result", result: shown } : undefined,
      );
      await readerOver(2).getBlockNumber();
      expect(pool.endpoints()[0]!.disabled).to.equal("reports block 100 as its newest but can't return it");
      pool.close();
    }
  });

  it("is repeated in the background after its interval, and not earlier", async () => {
    const reader = readerOver(1);
    const ask = async (time: number) => {
      now = time;
      await reader.getBlockNumber();
    };
    for (const time of [0, 500, 1_000]) await ask(time);
    expect(looks(0)).to.equal(1);
    while (looks(0) < 2) await ask(1_001);
  });

  it("finds a head that went back further than a reorganisation can, and accepts a smaller step back", async () => {
    const reader = readerOver(2);
    await reader.getBlockNumber();
    const lower = (by: bigint) => numberToHex(head - by);
    const claim = (by: bigint) => {
      for (const provider of providers)
        provider.follow(({ method }) =>
          method === "eth_blockNumber" ? { kind: "result", result: lower(by) } : undefined,
        );
    };
    for (const [by, disabled] of [
      [10n, null],
      [21n, "went back from block 90 to 79"],
    ] as const) {
      claim(by);
      const before = looks(0);
      while (looks(0) === before || pool.endpoints()[0]!.headBlock !== head - by) {
        now += 2_000;
        await reader.getBlockNumber();
      }
      while (disabled !== null && pool.endpoints()[0]!.disabled === null) await new Promise(setImmediate);
      expect(pool.endpoints()[0]!.disabled).to.equal(disabled);
    }
  });
});
