import { expect } from "chai";
import { type Hex, keccak256, parseAbi, type PublicClient } from "viem";
import { readerThrough } from "../../scripts/chain/connection";
import { ContradictionError, isContradiction, ChainReplacedError, NoAnswerError } from "../../scripts/chain/badAnswers";
import { nodeSentenceOf } from "../../scripts/chain/nodeErrors";
import { BadEndpointError, openPool, type Pool } from "../../scripts/chain/rpc/pool";
import { type PoolEvent } from "../../scripts/chain/rpc/endpointState";
import { defaultPoolSettings, type PoolSettings } from "../../scripts/chain/rpc/settings";
import { reasonOf } from "../../scripts/keeper/run/serviceEvents";
import { openProvider, type Provider, type ProviderCall, type Reply } from "../shared/provider";
import { rejection } from "../shared/rejection";

const head = 100n;
const minute = 60_000;

describe("A pool of several endpoints", () => {
  let providers: readonly [Provider, Provider, Provider];
  let pool: Pool;
  let events: PoolEvent[];
  /** Milliseconds that are added to the pool's clock. */
  let later = 0;

  beforeEach(async () => {
    providers = [await openProvider(head), await openProvider(head), await openProvider(head)];
    events = [];
    later = 0;
  });

  afterEach(() => {
    pool.close();
    for (const provider of providers) provider.close();
  });

  function readerOver(count: number, changed: Partial<PoolSettings> = {}): PublicClient {
    const urls = providers.slice(0, count).map(({ url }) => url);
    const settings = { ...defaultPoolSettings, lookEveryMilliseconds: 10 * minute, ...changed };
    const chance = { now: () => performance.now() + later, random: () => 1 };
    pool = openPool(urls, settings, (event) => events.push(event), chance);
    return readerThrough(pool.transport);
  }

  const told = (kind: PoolEvent["kind"]) =>
    events
      .filter((event) => event.kind === kind)
      .map(({ endpoint }) => providers.findIndex(({ url }) => url === endpoint));

  /** Answers calls of one method with these replies in order, and then with what the chain has. */
  function reply(index: number, method: string, ...replies: readonly (Reply | undefined)[]): void {
    const left = [...replies];
    providers[index]!.follow((call) => (call.method === method ? left.shift() : undefined));
  }

  function replyAlways(index: number, method: string, given: Reply | ((call: ProviderCall) => Reply)): void {
    providers[index]!.follow((call) =>
      call.method === method ? (typeof given === "function" ? given(call) : given) : undefined,
    );
  }

  const error = (code: number, message: string): Reply => ({ kind: "error", error: { code, message } });
  const result = (value: unknown): Reply => ({ kind: "result", result: value });
  const cut: Reply = { kind: "cut" };
  const asked = (index: number, method: string) =>
    providers[index]!.calls.filter((call) => call.method === method).length;
  const balanceOf = (reader: PublicClient) => reader.getBalance({ address: `0x${"11".repeat(20)}` });
  const balance = "eth_getBalance";

  it("sends calls no faster than the rate allows", async () => {
    for (let i = 0; i < 3; i++) replyAlways(i, balance, result("0x1"));
    const reader = readerOver(1, { rate: { callsPerSecond: 20, burst: 1 } });
    const before = performance.now();
    await reader.getBlockNumber();
    for (let i = 0; i < 4; i++) await balanceOf(reader);
    // After the first, four calls wait 50 ms each, and timers may be a millisecond early.
    expect(performance.now() - before).to.be.at.least(190);
  });

  it("asks a second endpoint if the first can't know the answer", async () => {
    replyAlways(0, balance, error(-32_000, "header not found"));
    replyAlways(1, balance, result("0x7"));
    expect(await balanceOf(readerOver(2))).to.equal(7n);
    expect(events).to.deep.equal([]);
  });

  it("asks a second endpoint if the first refuses with an unknown error", async () => {
    replyAlways(0, balance, error(-32_600, "Xyzzy."));
    replyAlways(1, balance, result("0x7"));
    expect(await balanceOf(readerOver(2))).to.equal(7n);
  });

  it("believes an unknown error at once if all endpoints return one, and passes on the last one's", async () => {
    for (const [count, words] of [
      [1, "Xyzzy."],
      [2, "Plugh."],
    ] as const) {
      replyAlways(0, balance, error(-32_600, "Xyzzy."));
      replyAlways(1, balance, error(-32_600, "Plugh."));
      const before = asked(0, balance);
      expect(nodeSentenceOf(await rejection(balanceOf(readerOver(count)), Error))).to.equal(words);
      expect(asked(0, balance) - before).to.equal(1);
      pool.close();
    }
  });

  it("passes on the only endpoint's error even if it can't ask it twice", async () => {
    replyAlways(0, balance, error(-32_000, "header not found"));
    const refused = await rejection(balanceOf(readerOver(1, { attempts: 1 })), Error);
    expect(nodeSentenceOf(refused)).to.equal("header not found");
  });

  it("blames an endpoint for an error with status 503, but believes a contract's refusal with any status", async () => {
    const withStatus = (status: number, code: number, message: string): Reply => ({
      ...{ kind: "error", status },
      error: { code, message },
    });
    replyAlways(0, balance, withStatus(503, -32_600, "Xyzzy."));
    replyAlways(1, balance, result("0x7"));
    const reader = readerOver(2);
    expect(await balanceOf(reader)).to.equal(7n);
    expect(told("rpcError")).to.deep.equal([0]);
    replyAlways(0, "eth_call", withStatus(500, 3, "execution reverted"));
    const refused = await rejection(reader.call({ to: `0x${"11".repeat(20)}` }), Error);
    expect(refused.message).to.contain("execution reverted");
    expect(asked(1, "eth_call")).to.equal(0);
    expect(told("rpcError")).to.deep.equal([0]);
  });

  it("believes that an answer isn't known if all endpoints say so, or the only one says so twice", async () => {
    for (const count of [1, 2]) {
      for (let i = 0; i < 3; i++) replyAlways(i, balance, error(-32_000, "header not found"));
      const before = asked(0, balance);
      expect((await rejection(balanceOf(readerOver(count)), Error)).message).to.contain("header not found");
      expect(asked(0, balance) - before).to.equal(count === 1 ? 2 : 1);
      pool.close();
    }
  });

  it("reports at once that the node was restarted if all show another block 0, and continues when one is back", async () => {
    const reader = readerOver(2);
    await reader.getBlockNumber();
    const another = result({ number: "0x0", hash: `0x${"ab".repeat(32)}`, timestamp: "0x0", transactions: [] });
    for (const index of [0, 1]) {
      providers[index]!.follow(({ params }) => (params[0] === "0x0" ? another : undefined));
    }
    later = 11 * minute;
    // The endpoints are checked in the background.
    while (pool.endpoints().some(({ disabled }) => disabled === null)) await reader.getBlockNumber();
    const failure = await rejection(reader.getBlockNumber(), ChainReplacedError);
    const shown = providers.slice(0, 2).map(({ url }) => `${url} has a different block 0, 0xabababab…`);
    expect(reasonOf(failure)).to.equal(
      `The node was restarted with a new chain: deploy to it if needed, and restart this program. ${shown.join("; ")}.`,
    );
    providers[1].follow(() => undefined);
    later += 11 * minute;
    expect(await reader.getBlockNumber()).to.equal(head);
  });

  it("asks all endpoints again after a pause of half a second", async () => {
    replyAlways(0, balance, error(-32_000, "header not found"));
    reply(1, balance, cut, result("0x7"));
    const reader = readerOver(2);
    await reader.getBlockNumber();
    const before = performance.now();
    expect(await balanceOf(reader)).to.equal(7n);
    // Timers may be a millisecond early.
    expect(performance.now() - before).to.be.at.least(490);
  });

  it("doesn't disable an endpoint that answers between its faults", async () => {
    reply(0, balance, ...Array.from({ length: 4 }).flatMap(() => [cut, result("0x7")]));
    const reader = readerOver(1);
    for (let i = 0; i < 4; i++) expect(await balanceOf(reader)).to.equal(7n);
    expect(told("rpcError")).to.deep.equal([0, 0, 0, 0]);
    expect(told("endpointDisabled")).to.deep.equal([]);
  });

  it("waits for the check of a disabled endpoint if there is no other", async () => {
    const reader = readerOver(1, { attempts: 1 });
    reply(0, balance, error(-32_005, "rate limit"), result("0x7"));
    await rejection(balanceOf(reader), NoAnswerError);
    await rejection(balanceOf(reader), NoAnswerError);
    later += minute;
    expect(await balanceOf(reader)).to.equal(7n);
  });

  it("fails if the only endpoint fails each time", async () => {
    replyAlways(0, balance, cut);
    const failure = await rejection(balanceOf(readerOver(1, { attempts: 2 })), NoAnswerError);
    expect(failure.shortMessage).to.equal(
      `No endpoint answered eth_getBalance: ${providers[0].url} can't be reached (ECONNRESET).`,
    );
    expect(asked(0, balance)).to.equal(2);
  });

  it("doesn't repeat a call that a node would execute twice", async () => {
    reply(0, "evm_mine", cut, result("0x0"));
    const failure = await rejection(readerOver(2).request({ method: "evm_mine" } as never), NoAnswerError);
    expect([asked(0, "evm_mine"), asked(1, "evm_mine")]).to.deep.equal([1, 0]);
    const [first, second] = providers.map(({ url }) => url);
    expect(failure.shortMessage).to.equal(
      `No endpoint answered evm_mine: ${first} can't be reached (ECONNRESET); ${second} was not asked.`,
    );
  });

  it("checks its endpoints at intervals, except those that are still out of rotation", async () => {
    const looks = (index: number) => asked(index, "eth_chainId");
    const reader = readerOver(2, { lookEveryMilliseconds: minute });
    replyAlways(0, balance, result("-0x1"));
    replyAlways(1, balance, result("0x7"));
    await balanceOf(reader);
    later += 2 * minute;
    while (looks(1) < 2) await balanceOf(reader);
    for (let i = 0; i < 10; i++) await balanceOf(reader);
    expect([looks(0), looks(1)]).to.deep.equal([1, 2]);
  });

  it("sends smaller batches from then on if an endpoint finds one too large", async () => {
    providers[0].follow(() => {
      const size = providers[0].batches.at(-1)!;
      return size > 3 ? { kind: "status", status: 413 } : undefined;
    });
    const reader = readerOver(1);
    const readTen = () =>
      Promise.all(Array.from({ length: 10 }, (_, i) => reader.getBlock({ blockNumber: BigInt(i) })));
    const blocks = await readTen();
    expect(blocks.map(({ number }) => Number(number))).to.deep.equal([...Array(10).keys()]);
    const before = providers[0].batches.length;
    await readTen();
    expect(providers[0].batches.slice(before)).to.deep.equal([3, 3, 3, 1]);
    expect(events).to.deep.equal([]);
  });

  it("gives each endpoint a short id that shows nothing of its URL", () => {
    const settings = { ...defaultPoolSettings, lookEveryMilliseconds: minute };
    const urls = ["v3/one", "v3/two", "v3/one"].map((key) => `${providers[0].url}/${key}`);
    pool = openPool(urls, settings, () => undefined);
    const [one, two, same] = pool.alone().map(({ id }) => id);
    for (const id of [one, two]) expect(id).to.match(/^[0-9a-f]{8}$/);
    expect(one).to.equal(same).not.to.equal(two);
  });

  it("needs at least one endpoint, each with a supported URL, and repeats none of them in an error", () => {
    readerOver(1);
    const mustBe = "must be a URL that begins with http:, https:, ws: or wss:.";
    for (const [urls, message] of [
      [[], "No endpoint: set MDT_RPC_URL to one or more URLs."],
      [["https://a.example", "ftp://a.example/secret"], `Endpoint 2 ${mustBe}`],
      [["secret"], `Endpoint 1 ${mustBe}`],
    ] as const) {
      const open = () => openPool(urls, defaultPoolSettings, () => undefined);
      expect(open).to.throw(BadEndpointError).with.property("message", message);
    }
  });

  describe("with an endpoint that gives an impossible answer", () => {
    it("repeats the call elsewhere, and disables the endpoint by name for more than four minutes", async () => {
      replyAlways(0, balance, result("-0x1"));
      replyAlways(1, balance, result("0x7"));
      expect(await balanceOf(readerOver(2))).to.equal(7n);
      expect(events.at(-1)).to.deep.equal({
        kind: "endpointDisabled",
        endpoint: providers[0].url,
        reason: `gave an impossible answer to eth_getBalance: "-0x1"`,
      });
      later += 4 * minute;
      await balanceOf(readerThrough(pool.transport));
      expect(told("endpointEnabled")).to.deep.equal([]);
    });

    it("names the endpoint in the error if there is no other", async () => {
      replyAlways(0, balance, result("-0x1"));
      const refused = await rejection(balanceOf(readerOver(1, { attempts: 2 })), NoAnswerError);
      expect(refused.shortMessage).to.equal(
        `No endpoint answered eth_getBalance: ${providers[0].url} gave an impossible answer to eth_getBalance: "-0x1".`,
      );
    });

    it("asks the endpoint again if the other one is disabled", async () => {
      providers[1].follow(() => ({ kind: "status", status: 401 }));
      reply(0, balance, result("-0x1"), result("0x7"));
      expect(await balanceOf(readerOver(2))).to.equal(7n);
      expect(told("endpointDisabled")).to.deep.equal([1]);
    });

    it("asks another one if a call returned nothing, and disables the first if the other shows more", async () => {
      replyAlways(0, "eth_call", result("0x"));
      replyAlways(1, "eth_call", result("0x01"));
      const call = { to: `0x${"11".repeat(20)}` } as const;
      expect((await readerOver(2).call(call)).data).to.equal("0x01");
      expect(told("endpointDisabled")).to.deep.equal([0]);
    });

    it("blames it neither for what it doesn't know yet, nor for an empty answer if a contract refuses the call", async () => {
      const reader = readerOver(2);
      const call = { to: `0x${"11".repeat(20)}` } as const;
      providers[0].follow(({ method, params }) =>
        method === "eth_call" ? error(-32_000, "header not found") : params[0] === "0x32" ? result(null) : undefined,
      );
      replyAlways(1, "eth_call", result("0x01"));
      expect((await reader.getBlock({ blockNumber: 50n })).number).to.equal(50n);
      expect((await reader.call(call)).data).to.equal("0x01");
      replyAlways(0, "eth_call", result("0x"));
      replyAlways(1, "eth_call", error(3, "execution reverted"));
      expect((await rejection(reader.call(call), Error)).message).to.contain("execution reverted");
      expect(events).to.deep.equal([]);
    });

    it("believes that there is nothing if all endpoints say so", async () => {
      const reader = readerOver(2);
      const missing = await rejection(reader.getBlock({ blockNumber: head + 1n }), Error);
      expect(missing.name).to.equal("BlockNotFoundError");
      expect(asked(1, "eth_getBlockByNumber")).to.be.at.least(1);
      expect(events).to.deep.equal([]);
    });
  });

  describe("with an accused endpoint", () => {
    const read = async () => {
      await balanceOf(readerThrough(pool.transport));
    };

    beforeEach(() => {
      for (let i = 0; i < 3; i++) replyAlways(i, balance, result("0x7"));
    });

    it("continues with the next one, and enables the accused one again only after more than four minutes", async () => {
      readerOver(2);
      expect(pool.accuse("It can't be."), "nobody has answered").to.equal(false);
      await read();
      expect(pool.alone().map(({ endpoint }) => endpoint)).to.deep.equal([providers[0].url, providers[1].url]);
      expect(pool.accuse("It can't be.")).to.equal(true);
      expect(pool.endpoints()[0]!.disabled).to.equal("contradicts itself: It can't be");
      expect(pool.alone().map(({ endpoint }) => endpoint)).to.deep.equal([providers[1].url]);
      later += 4 * minute;
      await read();
      expect([asked(0, balance), asked(1, balance)]).to.deep.equal([1, 1]);
      later += 2 * minute;
      await read();
      while (told("endpointEnabled").length === 0) await read();
      expect(pool.endpoints()[0]!.disabled).to.equal(null);
    });

    it("accuses the one that answered, not one that was asked alone", async () => {
      readerOver(2);
      await read();
      await balanceOf(readerThrough(pool.alone()[1]!.transport));
      expect(pool.accuse("It can't be.")).to.equal(true);
      expect(told("endpointDisabled")).to.deep.equal([0]);
    });

    it("accuses the one that answered, not one that failed since", async () => {
      readerOver(2, { attempts: 2 });
      await read();
      replyAlways(0, balance, cut);
      replyAlways(1, balance, cut);
      await rejection(read(), NoAnswerError);
      expect(pool.accuse("It can't be.")).to.equal(true);
      expect(told("endpointDisabled")).to.deep.equal([0]);
    });

    it("keeps the only one in use", async () => {
      readerOver(1);
      await read();
      expect(pool.accuse("It can't be.")).to.equal(false);
      expect(told("endpointDisabled")).to.deep.equal([]);
    });

    it("keeps the only one in use even if another is disabled for its own fault", async () => {
      reply(0, balance, error(-32_005, "rate limit"));
      readerOver(2);
      await read();
      expect(told("endpointDisabled")).to.deep.equal([0]);
      expect(pool.accuse("It can't be.")).to.equal(false);
      expect(told("endpointDisabled")).to.deep.equal([0]);
    });

    it("gives another chance to the one that was accused first, once the last is accused", async () => {
      readerOver(3);
      for (let i = 0; i < 3; i++) {
        await read();
        expect(pool.accuse("It can't be.")).to.equal(true);
        later += 1_000;
      }
      expect(told("endpointDisabled")).to.deep.equal([0, 1, 2]);
      expect(told("endpointEnabled")).to.deep.equal([0]);
      expect(pool.endpoints().map(({ disabled }) => disabled === null)).to.deep.equal([true, false, false]);
    });

    it("gives another chance to the one that was accused first even if another is preferred", async () => {
      reply(0, balance, error(-32_000, "header not found"));
      readerOver(3);
      for (let i = 0; i < 3; i++) {
        await read();
        expect(pool.accuse("It can't be.")).to.equal(true);
        // The reply is used up, so the first answers from now on.
        providers[0].follow(({ method }) => (method === balance ? result("0x7") : undefined));
        later += 1_000;
      }
      expect(told("endpointDisabled")).to.deep.equal([1, 0, 2]);
      expect(told("endpointEnabled")).to.deep.equal([1]);
    });
  });

  describe("with a signed transaction", () => {
    const signed: Hex = "0x1234";
    const hash = keccak256(signed);
    const sending = "eth_sendRawTransaction";
    const send = (reader: PublicClient) => reader.request({ method: sending, params: [signed] });

    it("sends it to all endpoints at once, and is done when the first accepts it", async () => {
      replyAlways(0, sending, { kind: "hang" });
      replyAlways(1, sending, result(hash));
      replyAlways(2, sending, error(-32_000, "nonce too low"));
      expect(await send(readerOver(3, { lookTimeoutMilliseconds: 300_000 }))).to.equal(hash);
      expect([0, 1, 2].map((i) => asked(i, sending))).to.deep.equal([1, 1, 1]);
      expect(events).to.deep.equal([]);
    });

    it("fails if all refuse it, with the first refusal that is understood", async () => {
      replyAlways(0, sending, error(-32_000, "still syncing"));
      replyAlways(1, sending, error(-32_000, "replacement transaction underpriced"));
      const refused = await rejection(send(readerOver(2)), Error);
      expect(nodeSentenceOf(refused)).to.equal("replacement transaction underpriced");
    });

    it("counts it as sent if an endpoint already knows it, or has it in a block", async () => {
      replyAlways(0, sending, error(-32_000, "already known"));
      expect(await send(readerOver(1))).to.equal(hash);
      pool.close();
      replyAlways(0, sending, error(-32_000, "nonce too low"));
      providers[1].follow(({ method }) =>
        method === sending
          ? error(-32_000, "nonce too low")
          : method === "eth_getTransactionByHash"
            ? result({ hash })
            : undefined,
      );
      expect(await send(readerOver(2))).to.equal(hash);
    });

    it("counts it as refused if its nonce is taken and no endpoint can show it", async () => {
      const inBlock = "eth_getTransactionByHash";
      for (const shown of [result(null), error(-32_600, "Xyzzy."), cut]) {
        providers[0].follow(({ method }) =>
          method === sending ? error(-32_000, "nonce too low") : method === inBlock ? shown : undefined,
        );
        const refused = await rejection(send(readerOver(1, { attempts: 1 })), Error);
        expect(nodeSentenceOf(refused)).to.equal("nonce too low");
        pool.close();
      }
    });

    it("passes on an unclear refusal only after the last attempt, with pauses, if no endpoint says more", async () => {
      const syncing = error(-32_000, "still syncing");
      for (const replies of [
        [syncing, syncing],
        [syncing, cut],
      ]) {
        reply(0, sending, cut, cut);
        reply(1, sending, ...replies);
        const before = asked(1, sending);
        const reader = readerOver(2, { attempts: 2 });
        await reader.getBlockNumber();
        const begun = performance.now();
        expect(nodeSentenceOf(await rejection(send(reader), Error))).to.equal("still syncing");
        // Timers may be a millisecond early.
        expect(performance.now() - begun).to.be.at.least(240);
        expect(asked(1, sending) - before).to.equal(2);
        pool.close();
      }
    });

    it("blames an endpoint that refuses it with an unknown error and status 503", async () => {
      const message = "Xyzzy.";
      replyAlways(0, sending, { kind: "error", status: 503, error: { code: -32_600, message } });
      const refused = await rejection(send(readerOver(1, { attempts: 1 })), NoAnswerError);
      expect(refused.shortMessage).to.equal(
        `No endpoint accepted the transaction: ${providers[0].url} failed too often.`,
      );
      expect(told("rpcError")).to.deep.equal([0]);
    });

    it("doesn't believe an endpoint that returns another hash than that of its bytes", async () => {
      replyAlways(0, sending, result(keccak256("0x")));
      replyAlways(1, sending, error(-32_000, "insufficient funds"));
      const refused = await rejection(send(readerOver(2)), Error);
      expect(nodeSentenceOf(refused)).to.equal("insufficient funds");
      expect(told("rpcError")).to.deep.equal([0]);
    });

    it("sends it again after a pause if no endpoint gave a clear answer", async () => {
      reply(0, sending, cut, error(-32_000, "still syncing"), error(-32_005, "rate limit"), result(hash));
      expect(await send(readerOver(1))).to.equal(hash);
    });

    it("reports why each endpoint failed if all keep failing", async () => {
      replyAlways(0, sending, { kind: "status", status: 401 });
      const refused = await rejection(send(readerOver(1, { attempts: 2 })), NoAnswerError);
      expect(refused.shortMessage).to.equal(`No endpoint accepted the transaction: ${providers[0].url} answers 401.`);
      expect(asked(0, sending), "who is left aside is handed nothing").to.equal(1);
    });
  });

  describe("that reads a view", () => {
    const abi = parseAbi([
      "function paused() view returns (bool)",
      "function list() view returns (uint256[])",
      "function settle()",
    ]);
    const address: Hex = `0x${"11".repeat(20)}`;
    const view = (functionName: "paused" | "list") =>
      readerOver(1, { attempts: 1 }).readContract({ address, abi, functionName });
    const word = (hex: string) => hex.padStart(64, "0");

    for (const [what, functionName, given] of [
      ["returns nothing", "paused", result("0x")],
      ["returns too little", "paused", result("0x01")],
      ["returns an invalid boolean", "paused", result(`0x${word("2")}`)],
      ["returns a list without its elements", "list", result(`0x${word("20")}${word("5")}`)],
      ["points beyond its own data", "list", result(`0x${word("ffffff")}`)],
      ["reverts", "paused", error(3, "execution reverted")],
    ] as const) {
      it(`finds a contradiction if the view ${what}`, async () => {
        replyAlways(0, "eth_call", given);
        expect(isContradiction(await rejection(view(functionName), Error))).to.equal(true);
      });
    }

    for (const [what, given] of [
      ["can't be reached", cut],
      ["isn't known yet", error(-32_000, "header not found")],
      ["exceeds a rate limit", error(-32_005, "rate limit")],
      ["is refused with an unknown error", error(-32_600, "Xyzzy.")],
    ] as const) {
      it(`finds no contradiction if the view ${what}`, async () => {
        replyAlways(0, "eth_call", given);
        expect(isContradiction(await rejection(view("paused"), Error))).to.equal(false);
      });
    }

    it("finds no contradiction in a refused call that isn't a view", async () => {
      replyAlways(0, "eth_call", error(3, "execution reverted"));
      const simulated = readerOver(1).simulateContract({ address, abi, functionName: "settle" });
      expect(isContradiction(await rejection(simulated, Error))).to.equal(false);
    });

    it("finds a contradiction in a missing block that must exist, and in any error that is or wraps one", async () => {
      const missing = readerOver(1).getBlock({ blockNumber: head + 1n });
      expect(isContradiction(await rejection(missing, Error))).to.equal(true);
      expect(isContradiction(new Error("Outside.", { cause: new ContradictionError("Inside.") }))).to.equal(true);
      expect(isContradiction(new Error("No."))).to.equal(false);
      expect(isContradiction("no")).to.equal(false);
    });
  });
});
