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

describe("Several endpoints as one", () => {
  let providers: readonly [Provider, Provider, Provider];
  let pool: Pool;
  let events: PoolEvent[];
  /** What is added to the pool's clock, in milliseconds. */
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

  /** Replies to calls of one method, one reply after the other; as the chain is where there is none left. */
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

  it("ask no faster than the rate allows", async () => {
    for (let i = 0; i < 3; i++) replyAlways(i, balance, result("0x1"));
    const reader = readerOver(1, { rate: { callsPerSecond: 20, burst: 1 } });
    const before = performance.now();
    await reader.getBlockNumber();
    for (let i = 0; i < 4; i++) await balanceOf(reader);
    // After the first, four calls wait 50 ms each, and timers may be a millisecond early.
    expect(performance.now() - before).to.be.at.least(190);
  });

  it("have a second opinion if the first can't know", async () => {
    replyAlways(0, balance, error(-32_000, "header not found"));
    replyAlways(1, balance, result("0x7"));
    expect(await balanceOf(readerOver(2))).to.equal(7n);
    expect(events).to.deep.equal([]);
  });

  it("have a second opinion if the first refuses in words that nobody knows", async () => {
    replyAlways(0, balance, error(-32_600, "Xyzzy."));
    replyAlways(1, balance, result("0x7"));
    expect(await balanceOf(readerOver(2))).to.equal(7n);
  });

  it("are believed at once if all refuse in such words, and the last one speaks for all", async () => {
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

  it("say what the only one said, even if there is no time to ask it twice", async () => {
    replyAlways(0, balance, error(-32_000, "header not found"));
    const refused = await rejection(balanceOf(readerOver(1, { attempts: 1 })), Error);
    expect(nodeSentenceOf(refused)).to.equal("header not found");
  });

  it("blame one for an error that came with a status of its own, and believe a contract's refusal with any", async () => {
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

  it("believe that nobody can know if all say so, or the only one says so twice", async () => {
    for (const count of [1, 2]) {
      for (let i = 0; i < 3; i++) replyAlways(i, balance, error(-32_000, "header not found"));
      const before = asked(0, balance);
      expect((await rejection(balanceOf(readerOver(count)), Error)).message).to.contain("header not found");
      expect(asked(0, balance) - before).to.equal(count === 1 ? 2 : 1);
      pool.close();
    }
  });

  it("say at once that the node was restarted if all of them show another block 0, and continue when one is back", async () => {
    const reader = readerOver(2);
    await reader.getBlockNumber();
    const another = result({ number: "0x0", hash: `0x${"ab".repeat(32)}`, timestamp: "0x0", transactions: [] });
    for (const index of [0, 1]) {
      providers[index]!.follow(({ params }) => (params[0] === "0x0" ? another : undefined));
    }
    later = 11 * minute;
    // The look at them goes on beside the questions.
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

  it("are all asked again after a pause", async () => {
    replyAlways(0, balance, error(-32_000, "header not found"));
    reply(1, balance, cut, result("0x7"));
    const reader = readerOver(2);
    await reader.getBlockNumber();
    const before = performance.now();
    expect(await balanceOf(reader)).to.equal(7n);
    // Timers may be a millisecond early.
    expect(performance.now() - before).to.be.at.least(490);
  });

  it("disable no endpoint whose faults have answers between them", async () => {
    reply(0, balance, ...Array.from({ length: 4 }).flatMap(() => [cut, result("0x7")]));
    const reader = readerOver(1);
    for (let i = 0; i < 4; i++) expect(await balanceOf(reader)).to.equal(7n);
    expect(told("rpcError")).to.deep.equal([0, 0, 0, 0]);
    expect(told("endpointDisabled")).to.deep.equal([]);
  });

  it("wait for a check of a disabled one, if there is no other", async () => {
    const reader = readerOver(1, { attempts: 1 });
    reply(0, balance, error(-32_005, "rate limit"), result("0x7"));
    await rejection(balanceOf(reader), NoAnswerError);
    await rejection(balanceOf(reader), NoAnswerError);
    later += minute;
    expect(await balanceOf(reader)).to.equal(7n);
  });

  it("have no answer if the only one fails each time", async () => {
    replyAlways(0, balance, cut);
    const failure = await rejection(balanceOf(readerOver(1, { attempts: 2 })), NoAnswerError);
    expect(failure.shortMessage).to.equal(
      `No endpoint answered eth_getBalance: ${providers[0].url} can't be reached (ECONNRESET).`,
    );
    expect(asked(0, balance)).to.equal(2);
  });

  it("are asked once for what a node would do twice", async () => {
    reply(0, "evm_mine", cut, result("0x0"));
    const failure = await rejection(readerOver(2).request({ method: "evm_mine" } as never), NoAnswerError);
    expect([asked(0, "evm_mine"), asked(1, "evm_mine")]).to.deep.equal([1, 0]);
    const [first, second] = providers.map(({ url }) => url);
    expect(failure.shortMessage).to.equal(
      `No endpoint answered evm_mine: ${first} can't be reached (ECONNRESET); ${second} was not asked.`,
    );
  });

  it("are checked from time to time, except those whose time out of rotation is not over", async () => {
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

  it("get smaller batches if they find one too large, from then on", async () => {
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

  it("have short names of their own, which show nothing of their URLs", () => {
    const settings = { ...defaultPoolSettings, lookEveryMilliseconds: minute };
    const urls = ["v3/one", "v3/two", "v3/one"].map((key) => `${providers[0].url}/${key}`);
    pool = openPool(urls, settings, () => undefined);
    const [one, two, same] = pool.alone().map(({ id }) => id);
    for (const id of [one, two]) expect(id).to.match(/^[0-9a-f]{8}$/);
    expect(one).to.equal(same).not.to.equal(two);
  });

  it("are at least one, each with a URL that a pool can speak to, and none is repeated in an error", () => {
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

  describe("if one answers what can't be", () => {
    it("repeat the call elsewhere, and disable it for minutes by name", async () => {
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

    it("name it if there is no other", async () => {
      replyAlways(0, balance, result("-0x1"));
      const refused = await rejection(balanceOf(readerOver(1, { attempts: 2 })), NoAnswerError);
      expect(refused.shortMessage).to.equal(
        `No endpoint answered eth_getBalance: ${providers[0].url} gave an impossible answer to eth_getBalance: "-0x1".`,
      );
    });

    it("ask it again if the other is disabled", async () => {
      providers[1].follow(() => ({ kind: "status", status: 401 }));
      reply(0, balance, result("-0x1"), result("0x7"));
      expect(await balanceOf(readerOver(2))).to.equal(7n);
      expect(told("endpointDisabled")).to.deep.equal([1]);
    });

    it("ask another one if a call returned nothing, and disable it if the other shows more", async () => {
      replyAlways(0, "eth_call", result("0x"));
      replyAlways(1, "eth_call", result("0x01"));
      const call = { to: `0x${"11".repeat(20)}` } as const;
      expect((await readerOver(2).call(call)).data).to.equal("0x01");
      expect(told("endpointDisabled")).to.deep.equal([0]);
    });

    it("blame nobody for what it does not know yet, nor for an empty answer if a contract refuses", async () => {
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

    it("believe that there is nothing if all say so", async () => {
      const reader = readerOver(2);
      const missing = await rejection(reader.getBlock({ blockNumber: head + 1n }), Error);
      expect(missing.name).to.equal("BlockNotFoundError");
      expect(asked(1, "eth_getBlockByNumber")).to.be.at.least(1);
      expect(events).to.deep.equal([]);
    });
  });

  describe("with one accused", () => {
    const read = async () => {
      await balanceOf(readerThrough(pool.transport));
    };

    beforeEach(() => {
      for (let i = 0; i < 3; i++) replyAlways(i, balance, result("0x7"));
    });

    it("continue with the next, and enable it again only after minutes", async () => {
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

    it("accuse the one that answered, not one that was asked alone", async () => {
      readerOver(2);
      await read();
      await balanceOf(readerThrough(pool.alone()[1]!.transport));
      expect(pool.accuse("It can't be.")).to.equal(true);
      expect(told("endpointDisabled")).to.deep.equal([0]);
    });

    it("accuse the one that answered, not one that failed since", async () => {
      readerOver(2, { attempts: 2 });
      await read();
      replyAlways(0, balance, cut);
      replyAlways(1, balance, cut);
      await rejection(read(), NoAnswerError);
      expect(pool.accuse("It can't be.")).to.equal(true);
      expect(told("endpointDisabled")).to.deep.equal([0]);
    });

    it("keep the only one in use", async () => {
      readerOver(1);
      await read();
      expect(pool.accuse("It can't be.")).to.equal(false);
      expect(told("endpointDisabled")).to.deep.equal([]);
    });

    it("keep the only one in use even if another is disabled for its fault", async () => {
      reply(0, balance, error(-32_005, "rate limit"));
      readerOver(2);
      await read();
      expect(told("endpointDisabled")).to.deep.equal([0]);
      expect(pool.accuse("It can't be.")).to.equal(false);
      expect(told("endpointDisabled")).to.deep.equal([0]);
    });

    it("give another chance to the one that was accused first, once the last is accused", async () => {
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

    it("give it to the one that was accused first, whichever is preferred", async () => {
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

  describe("that are handed a signed transaction", () => {
    const signed: Hex = "0x1234";
    const hash = keccak256(signed);
    const sending = "eth_sendRawTransaction";
    const send = (reader: PublicClient) => reader.request({ method: sending, params: [signed] });

    it("get it all at once, and the first that takes it is enough", async () => {
      replyAlways(0, sending, { kind: "hang" });
      replyAlways(1, sending, result(hash));
      replyAlways(2, sending, error(-32_000, "nonce too low"));
      expect(await send(readerOver(3, { lookTimeoutMilliseconds: 300_000 }))).to.equal(hash);
      expect([0, 1, 2].map((i) => asked(i, sending))).to.deep.equal([1, 1, 1]);
      expect(events).to.deep.equal([]);
    });

    it("refuse it if all refuse, in the words of the first that has any", async () => {
      replyAlways(0, sending, error(-32_000, "still syncing"));
      replyAlways(1, sending, error(-32_000, "replacement transaction underpriced"));
      const refused = await rejection(send(readerOver(2)), Error);
      expect(nodeSentenceOf(refused)).to.equal("replacement transaction underpriced");
    });

    it("have taken it if one has it already, or has it in a block", async () => {
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

    it("have not taken it if its nonce is taken and none can show it", async () => {
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

    it("say what was said before if none says more, after as many attempts as there are, with pauses", async () => {
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

    it("blame one that refuses it with a status of its own", async () => {
      const message = "Xyzzy.";
      replyAlways(0, sending, { kind: "error", status: 503, error: { code: -32_600, message } });
      const refused = await rejection(send(readerOver(1, { attempts: 1 })), NoAnswerError);
      expect(refused.shortMessage).to.equal(
        `No endpoint accepted the transaction: ${providers[0].url} failed too often.`,
      );
      expect(told("rpcError")).to.deep.equal([0]);
    });

    it("are not believed with another hash than that of its bytes", async () => {
      replyAlways(0, sending, result(keccak256("0x")));
      replyAlways(1, sending, error(-32_000, "insufficient funds"));
      const refused = await rejection(send(readerOver(2)), Error);
      expect(nodeSentenceOf(refused)).to.equal("insufficient funds");
      expect(told("rpcError")).to.deep.equal([0]);
    });

    it("get it again after a pause if none could say anything", async () => {
      reply(0, sending, cut, error(-32_000, "still syncing"), error(-32_005, "rate limit"), result(hash));
      expect(await send(readerOver(1))).to.equal(hash);
    });

    it("say why each failed, if all keep failing", async () => {
      replyAlways(0, sending, { kind: "status", status: 401 });
      const refused = await rejection(send(readerOver(1, { attempts: 2 })), NoAnswerError);
      expect(refused.shortMessage).to.equal(`No endpoint accepted the transaction: ${providers[0].url} answers 401.`);
      expect(asked(0, sending), "who is left aside is handed nothing").to.equal(1);
    });
  });

  describe("whose views", () => {
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
      ["return nothing", "paused", result("0x")],
      ["return too little", "paused", result("0x01")],
      ["return what is no truth value", "paused", result(`0x${word("2")}`)],
      ["return a list that is not there", "list", result(`0x${word("20")}${word("5")}`)],
      ["point beyond what they return", "list", result(`0x${word("ffffff")}`)],
      ["revert", "paused", error(3, "execution reverted")],
    ] as const) {
      it(`contradict themselves if they ${what}`, async () => {
        replyAlways(0, "eth_call", given);
        expect(isContradiction(await rejection(view(functionName), Error))).to.equal(true);
      });
    }

    for (const [what, given] of [
      ["can't be asked", cut],
      ["are not known yet", error(-32_000, "header not found")],
      ["are asked too often", error(-32_005, "rate limit")],
      ["are refused in words that nobody knows", error(-32_600, "Xyzzy.")],
    ] as const) {
      it(`contradict nothing if they ${what}`, async () => {
        replyAlways(0, "eth_call", given);
        expect(isContradiction(await rejection(view("paused"), Error))).to.equal(false);
      });
    }

    it("are none of the calls that contracts may refuse", async () => {
      replyAlways(0, "eth_call", error(3, "execution reverted"));
      const simulated = readerOver(1).simulateContract({ address, abi, functionName: "settle" });
      expect(isContradiction(await rejection(simulated, Error))).to.equal(false);
    });

    it("are not the only contradictions: others are a missing block that must exist, and any error that says so", async () => {
      const missing = readerOver(1).getBlock({ blockNumber: head + 1n });
      expect(isContradiction(await rejection(missing, Error))).to.equal(true);
      expect(isContradiction(new Error("Outside.", { cause: new ContradictionError("Inside.") }))).to.equal(true);
      expect(isContradiction(new Error("No."))).to.equal(false);
      expect(isContradiction("no")).to.equal(false);
    });
  });
});
