import { expect } from "chai";
import { type PublicClient } from "viem";
import { readerThrough } from "../../scripts/chain/connection";
import { type LogRange, readLogRanges } from "../../scripts/chain/logs";
import { blocksOf, type BlockRange } from "../../scripts/chain/logRange";
import { NoAnswerError } from "../../scripts/chain/badAnswers";
import { nodeSentenceOf } from "../../scripts/chain/nodeErrors";
import { longestAnswerBytes } from "../../scripts/chain/rpc/link";
import { openPool, type Pool } from "../../scripts/chain/rpc/pool";
import { type PoolEvent } from "../../scripts/chain/rpc/endpointState";
import { defaultPoolSettings, type PoolSettings } from "../../scripts/chain/rpc/settings";
import { askedRange, logAddress, logTopic, openProvider, type Provider, type Reply } from "../shared/provider";
import { rejection } from "../shared/rejection";

/** The newest block of the providers' chain; each block has a log. */
const head = 2_999n;

const hex = (block: bigint): string => `0x${block.toString(16)}`;

/** How a provider refuses a range of logs, in its own words. */
interface Manner {
  readonly provider: string;
  /** Maximum number of blocks in a request. */
  readonly takes: bigint;
  readonly refusal: (range: BlockRange) => Reply;
  /** Number of requests that it refuses until its limit is known: one if its words offer a range. */
  readonly refuses: number;
}

const error = (status: number, code: number, message: string, data?: unknown): Reply => ({
  kind: "error",
  status,
  error: { code, message, data },
});

/** 1,000 blocks, halved with each refusal, are within the limit after `refuses` refusals. */
const manners: readonly Manner[] = [
  {
    provider: "Alchemy",
    takes: 500n,
    refusal: ({ fromBlock }) =>
      error(
        400,
        -32_600,
        `You can make eth_getLogs requests with up to a 500 block range. Based on your parameters, this block range should work: [${hex(fromBlock)}, ${hex(fromBlock + 499n)}]`,
      ),
    refuses: 1,
  },
  {
    provider: "Alchemy's free plan",
    takes: 10n,
    refusal: ({ fromBlock }) =>
      error(
        400,
        -32_600,
        `Under the Free tier plan, you can make eth_getLogs requests with up to a 10 block range. Based on your parameters, this block range should work: [${hex(fromBlock)}, ${hex(fromBlock + 9n)}]. Upgrade to PAYG for expanded block range.`,
      ),
    refuses: 1,
  },
  {
    provider: "Infura",
    takes: 300n,
    refusal: ({ fromBlock }) =>
      error(
        200,
        -32_005,
        `query returned more than 10000 results. Try with this block range [${hex(fromBlock)}, ${hex(fromBlock + 299n)}].`,
      ),
    refuses: 1,
  },
  {
    provider: "QuickNode",
    takes: 100n,
    refusal: () => error(413, -32_614, "eth_getLogs is limited to a 100 range"),
    refuses: 1,
  },
  {
    provider: "Tenderly",
    takes: 200n,
    refusal: (range) =>
      error(200, -32_602, "invalid params", { payload: `range ${blocksOf(range)} is bigger than range limit 200` }),
    refuses: 1,
  },
  { provider: "Ankr", takes: 400n, refusal: () => error(200, -32_600, "block range is too wide"), refuses: 2 },
  { provider: "Cloudflare", takes: 800n, refusal: () => error(400, -32_047, "Max range: 800"), refuses: 1 },
  {
    provider: "Erigon",
    takes: 250n,
    refusal: () => error(200, -32_000, "query block range exceeds server limit, narrow your filter"),
    refuses: 2,
  },
  {
    provider: "dRPC",
    takes: 125n,
    refusal: () => error(408, 30, "Request timeout on the free tier, please upgrade your tier to the paid one"),
    refuses: 3,
  },
  { provider: "one with invented words", takes: 62n, refusal: () => error(200, 17, "Nope! Xyzzy."), refuses: 4 },
  { provider: "one with invented words and 503", takes: 500n, refusal: () => error(503, -1, "plugh"), refuses: 1 },
  { provider: "one with invented words and 403", takes: 500n, refusal: () => error(403, -32_053, "plugh"), refuses: 1 },
  { provider: "one without words", takes: 31n, refusal: () => error(200, -32_603, ""), refuses: 5 },
];

describe("Logs from endpoints like those of providers", () => {
  let providers: readonly [Provider, Provider];
  let pool: Pool | undefined;
  let events: PoolEvent[];

  before(async () => {
    providers = [await openProvider(head), await openProvider(head)];
  });

  beforeEach(async () => {
    for (const provider of providers) provider.close();
    providers = [await openProvider(head), await openProvider(head)];
    events = [];
  });

  afterEach(() => {
    pool?.close();
  });

  after(() => {
    for (const provider of providers) provider.close();
  });

  /** Reads through the first `count` providers. @param pace How much faster the pool's clock runs than ours. */
  function readerOver(count: number, changed: Partial<PoolSettings> = {}, pace = 50): PublicClient {
    const urls = providers.slice(0, count).map(({ url }) => url);
    const settings = { ...defaultPoolSettings, lookEveryMilliseconds: 3_600_000, ...changed };
    const chance = { now: () => pace * performance.now(), random: () => 0 };
    pool = openPool(urls, settings, (event) => events.push(event), chance);
    return readerThrough(pool.transport);
  }

  const disabled = () => events.filter(({ kind }) => kind === "endpointDisabled");

  /** Refuses as `manner` says. */
  function refuse(provider: Provider, { takes, refusal }: Pick<Manner, "takes" | "refusal">): void {
    provider.follow((call) => {
      if (call.method !== "eth_getLogs" || blocksOf(askedRange(call)) <= takes) return undefined;
      return refusal(askedRange(call));
    });
  }

  async function rangesOf(reader: PublicClient, toBlock = head): Promise<readonly LogRange[]> {
    const ranges: LogRange[] = [];
    const filter = { address: logAddress, topics: [logTopic] };
    for await (const range of readLogRanges(reader, [filter], 0n, toBlock)) ranges.push(range);
    return ranges;
  }

  /** Expects every block once, in order, in ranges without gaps. */
  function expectWhole(ranges: readonly LogRange[], toBlock = head): void {
    let next = 0n;
    for (const { fromBlock, toBlock: to, logs } of ranges) {
      expect(fromBlock).to.equal(next);
      const numbers = Array.from({ length: Number(to - fromBlock + 1n) }, (_, i) => fromBlock + BigInt(i));
      expect(logs.map(({ blockNumber }) => blockNumber)).to.deep.equal(numbers);
      next = to + 1n;
    }
    expect(next).to.equal(toBlock + 1n);
  }

  const isRefused =
    ({ takes }: Pick<Manner, "takes">) =>
    (range: BlockRange) =>
      blocksOf(range) > takes;

  for (const manner of manners) {
    const { provider, takes, refuses } = manner;
    it(`are complete from ${provider}, which accepts ${takes} blocks at once`, async () => {
      refuse(providers[0], manner);
      expectWhole(await rangesOf(readerOver(1)));
      const firstTaken = providers[0].ranges().findIndex((range) => !isRefused(manner)(range));
      expect(firstTaken).to.equal(refuses);
      expect(disabled()).to.deep.equal([]);
    });

    it(`come from the next endpoint once ${provider} refuses a range, and are requested there from then on`, async () => {
      refuse(providers[0], manner);
      expectWhole(await rangesOf(readerOver(2)));
      expect(providers[0].ranges()).to.have.lengthOf(1);
      expect(providers[1].ranges().map(blocksOf)).to.deep.equal([1_000n, 1_000n, 1_000n]);
      expect(events).to.deep.equal([]);
    });
  }

  it("are requested in the widest ranges that any endpoint accepts, if all refuse", async () => {
    refuse(providers[0], { takes: 10n, refusal: () => error(200, -32_600, "up to a 10 block range") });
    refuse(providers[1], { takes: 800n, refusal: () => error(200, -32_600, "up to a 800 block range") });
    expectWhole(await rangesOf(readerOver(2)));
    expect(providers[1].ranges().map(blocksOf)).to.deep.equal([1_000n, 800n, 800n, 800n, 600n]);
    // Once for each width that it was not known to refuse.
    expect(providers[0].ranges().map(blocksOf)).to.deep.equal([1_000n, 800n, 600n]);
  });

  it("come from an endpoint with narrow ranges if the one with wide ranges is gone", async () => {
    refuse(providers[0], { takes: 100n, refusal: () => error(200, -32_600, "up to a 100 block range") });
    providers[1].follow(({ method }) => (method === "eth_getLogs" ? { kind: "status", status: 401 } : undefined));
    expectWhole(await rangesOf(readerOver(2)));
  });

  it("of one block are requested elsewhere before a refusal is reported, and no endpoint is disabled for it", async () => {
    const refusal = () => error(400, -32_600, "Archive logs are not part of your plan.");
    refuse(providers[0], { takes: 0n, refusal });
    const reader = readerOver(2);
    expectWhole(await rangesOf(reader, 0n), 0n);
    refuse(providers[1], { takes: 0n, refusal });
    const refused = await rejection(rangesOf(reader, 0n), Error);
    expect(nodeSentenceOf(refused)).to.equal("Archive logs are not part of your plan.");
    expect(events).to.deep.equal([]);
  });

  it("are refused in the provider's own words if even a single block is refused", async () => {
    const refusal = () => error(400, -32_600, "Archive logs are not part of your plan.");
    refuse(providers[0], { takes: 0n, refusal });
    const refused = await rejection(rangesOf(readerOver(1)), Error);
    expect(nodeSentenceOf(refused)).to.equal("Archive logs are not part of your plan.");
  });

  describe("if a rate limit is reached", () => {
    const limit = error(200, -32_005, "project ID request rate exceeded");

    it("are waited for, and no range is narrowed", async () => {
      let left = 2;
      providers[0].follow(({ method }) => (method === "eth_getLogs" && left-- > 0 ? limit : undefined));
      expectWhole(await rangesOf(readerOver(1)));
      expect(providers[0].ranges().every((range) => blocksOf(range) === 1_000n)).to.equal(true);
      expect(disabled()).to.have.lengthOf(2);
    });

    it("come from the next endpoint, and the limited one is disabled", async () => {
      providers[0].follow(({ method }) => (method === "eth_getLogs" ? limit : undefined));
      expectWhole(await rangesOf(readerOver(2, {}, 0)));
      expect(disabled()).to.deep.equal([
        {
          kind: "endpointDisabled",
          endpoint: providers[0].url,
          reason: "reported a reached limit (-32005)",
        },
      ]);
    });

    for (const [kind, reply, reason] of [
      ["in JSON-RPC", limit, "reported a reached limit (-32005)"],
      ["by the HTTP status", { kind: "status", status: 429 }, "answers 429"],
    ] as const) {
      it(`end in an error that says so if the limit, reported ${kind}, stays, and no range is narrowed`, async () => {
        providers[0].follow(({ method }) => (method === "eth_getLogs" ? reply : undefined));
        const refused = await rejection(rangesOf(readerOver(1, { attempts: 3 })), NoAnswerError);
        expect(refused.shortMessage).to.equal(`No endpoint answered eth_getLogs: ${providers[0].url} ${reason}.`);
        expect(providers[0].ranges().every((range) => blocksOf(range) === 1_000n)).to.equal(true);
      });
    }

    it("are requested again before they are narrowed if the limit may be one of ranges, and are complete", async () => {
      refuse(providers[0], { takes: 500n, refusal: () => error(200, -32_005, "limit exceeded") });
      expectWhole(await rangesOf(readerOver(1)));
      expect(providers[0].ranges().map(blocksOf).slice(0, 3)).to.deep.equal([1_000n, 1_000n, 500n]);
    });

    it("are requested again as a whole batch, not in parts, if the limit is reported for the whole batch", async () => {
      let left = 1;
      providers[0].follow(({ method }) =>
        method === "eth_getLogs" && left-- > 0 ? { kind: "status", status: 200, body: wholeBatch } : undefined,
      );
      const reader = readerOver(1);
      await reader.getBlockNumber();
      const before = providers[0].batches.length;
      const filters = [{ address: logAddress }, { address: logAddress, topics: [logTopic] }];
      for await (const { logs } of readLogRanges(reader, filters, 0n, 9n)) expect(logs).to.have.lengthOf(10);
      // The look at the endpoint that comes back is a batch of three, and a single call.
      expect(providers[0].batches.slice(before)).to.deep.equal([2, 3, 1, 2]);
    });
    const wholeBatch = '{"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"request rate exceeded"}}';
  });

  describe("whose answer is too long", () => {
    const flood = (takes: bigint, bytes: number) => ({ takes, refusal: (): Reply => ({ kind: "flood", bytes }) });

    it("come in narrower ranges whose answers are short enough", async () => {
      refuse(providers[0], flood(500n, longestAnswerBytes + 1));
      expectWhole(await rangesOf(readerOver(1)));
      expect(providers[0].ranges().map(blocksOf).slice(0, 2)).to.deep.equal([1_000n, 500n]);
      expect(events).to.deep.equal([]);
    });

    it("aren't requested from another endpoint, whose answer would be as long", async () => {
      refuse(providers[0], flood(500n, longestAnswerBytes + 1));
      expectWhole(await rangesOf(readerOver(2)));
      expect(providers[1].ranges()).to.deep.equal([]);
    });

    it("are the endpoint's fault if they are of a single block, and come from the next endpoint", async () => {
      refuse(providers[0], flood(0n, longestAnswerBytes + 1));
      expectWhole(await rangesOf(readerOver(2), 0n), 0n);
      expect(events).to.deep.equal([
        {
          kind: "rpcError",
          endpoint: providers[0].url,
          method: "eth_getLogs",
          reason: `answered more than ${longestAnswerBytes} bytes`,
        },
      ]);
    });

    it("of several filters come in parts of a batch, and later batches stay as large as before", async () => {
      const reader = readerOver(1);
      refuse(providers[0], { takes: 999n, refusal: () => ({ kind: "flood", bytes: longestAnswerBytes + 1 }) });
      const filters = [{ address: logAddress }, { address: logAddress, topics: [logTopic] }];
      const ranges: LogRange[] = [];
      for await (const range of readLogRanges(reader, filters, 0n, head)) ranges.push(range);
      expectWhole(ranges);
      expect(providers[0].batches.at(-1)).to.equal(2);
    });
  });

  describe("that take an endpoint too long, or break it", () => {
    for (const [what, refusal, changed] of [
      ["hangs", { kind: "hang" }, { timeoutMilliseconds: 1_000, lookTimeoutMilliseconds: 60_000 }],
      ["cuts the connection", { kind: "cut" }, {}],
      ["answers 504", { kind: "status", status: 504 }, {}],
      ["answers 413 without JSON-RPC", { kind: "status", status: 413 }, {}],
    ] as const) {
      it(`are requested in narrower ranges if it ${what}`, async () => {
        refuse(providers[0], { takes: 500n, refusal: () => refusal });
        expectWhole(await rangesOf(readerOver(1, changed)));
      });
    }

    it("are requested in ranges as wide as before if it fails once", async () => {
      let left = 1;
      providers[0].follow(({ method }) => (method === "eth_getLogs" && left-- > 0 ? { kind: "cut" } : undefined));
      expectWhole(await rangesOf(readerOver(1)));
      expect(providers[0].ranges().every((range) => blocksOf(range) === 1_000n)).to.equal(true);
    });

    it("are abandoned if every request to it fails", async () => {
      providers[0].follow(() => ({ kind: "cut" }));
      await rejection(rangesOf(readerOver(1, { attempts: 3 })), NoAnswerError);
    });
  });
});
