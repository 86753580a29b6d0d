import { expect } from "chai";
import { decodeFunctionData, type Hex, parseTransaction, type TransactionSerialized } from "viem";
import { type Connection } from "../../../scripts/chain/connection";
import { RefusedError } from "../../../scripts/chain/transact";
import { EndpointQuorum } from "../../../scripts/keeper/watch/endpointQuorum";
import { type Watcher, WatchMemory } from "../../../scripts/keeper/watch/memory";
import { applyRemedy, type Remedy } from "../../../scripts/keeper/watch/veto";
import { type WatchEvent } from "../../../scripts/keeper/watch/watchEvents";
import { addressOfContract, answeringChain, blockAt, refusalBy } from "../../shared/answeringChain";
import { rejection } from "../../shared/rejection";
import { accountOf } from "../../shared/signingNodes";

const guardian = accountOf(3);
const treasury = addressOfContract("treasury");
const veto = { kind: "veto", fromEpoch: 7 } as const;
const pauseAndVeto = { kind: "pauseAndVeto", fromEpoch: 7 } as const;

describe("The guardian's transaction against a wrong root", () => {
  let memory: WatchMemory;
  let events: WatchEvent[];
  let nonce: number;
  let now: number;
  let priorityFeeWei: bigint;
  let maxFeePerGasWei: bigint;
  /** The transactions that were sent, and the endpoint of each. */
  let sent: { readonly through: number; readonly raw: Hex }[];
  /** Number of endpoints in use; the watcher's own connection is endpoint 0. */
  let inUse: number;
  /** Throws if the Treasury refuses these functions. */
  let refuse: (functions: readonly string[]) => void;
  /** Throws if a node refuses a transaction. */
  let answerToSending: () => void;

  beforeEach(() => {
    memory = new WatchMemory(0);
    [events, sent] = [[], []];
    [nonce, now, inUse] = [4, 1_000, 1];
    [priorityFeeWei, maxFeePerGasWei] = [2n, 1_000n];
    refuse = answerToSending = () => undefined;
  });

  /** The names and the arguments of the functions that a transaction calls. */
  function callsIn(connection: Connection, data: Hex): readonly (readonly [string, ...unknown[]])[] {
    const { abi } = connection.contracts.treasury;
    const { args } = decodeFunctionData({ abi, data }) as { args: readonly [readonly Hex[]] };
    return args[0].map((one) => {
      const called: { readonly functionName: string; readonly args?: readonly unknown[] } = decodeFunctionData({
        abi,
        data: one,
      });
      const { functionName, args: given = [] } = called;
      return [functionName, ...given];
    });
  }

  function endpoint(through: number): Connection {
    const connection: Connection = answeringChain(
      {
        views: {
          "treasury.multicall": (data: readonly Hex[]) => {
            const { abi } = connection.contracts.treasury;
            refuse(data.map((one) => decodeFunctionData({ abi, data: one }).functionName));
            return [];
          },
        },
        methods: {
          eth_getTransactionCount: () => `0x${nonce.toString(16)}`,
          eth_estimateGas: () => "0x186a0",
          eth_getBlockByNumber: () => ({ ...blockAt(20, 1_000), baseFeePerGas: "0x64" }),
          eth_maxPriorityFeePerGas: () => `0x${priorityFeeWei.toString(16)}`,
          eth_sendRawTransaction: (raw: Hex) => {
            sent.push({ through, raw });
            answerToSending();
            return `0x${"ab".repeat(32)}`;
          },
        },
      },
      { keeper: { maxFeePerGasWei, replaceAfterSeconds: 30 } },
    );
    return connection;
  }

  async function apply(remedy: Exclude<Remedy, { kind: "none" }>): Promise<void> {
    const watcher = {
      connection: endpoint(0),
      memory,
      singleEndpoints: () => [1, 2, 3].slice(0, inUse).map((i) => ({ endpoint: `${i}`, connection: endpoint(i) })),
      tell: (event: WatchEvent) => events.push(event),
      clock: () => now,
    } as unknown as Watcher;
    const members = [{ endpoint: "its node", connection: endpoint(9) }];
    const quorum = new EndpointQuorum(20n, 1, members, new Set(), () => undefined);
    await applyRemedy(watcher, quorum, guardian, remedy);
  }

  const transactions = () => sent.map(({ raw }) => parseTransaction(raw as TransactionSerialized<"eip1559">));
  const callsSent = () => transactions().map(({ data }) => callsIn(endpoint(0), data!));

  it("vetoes with a quarter of gas to spare, and is reported", async () => {
    await apply(veto);
    const [transaction] = transactions();
    expect(transaction).to.include({ nonce: 4, gas: 125_000n, maxFeePerGas: 202n, maxPriorityFeePerGas: 2n });
    expect(transaction!.to!.toLowerCase()).to.equal(treasury);
    expect(callsSent()).to.deep.equal([[["vetoRoot", 7n]]]);
    expect(events).to.have.lengthOf(1);
    expect(events[0]).to.include({ kind: "vetoSent", fromEpoch: 7, pauses: false, nonce: 4, maxFeePerGasWei: 202n });
  });

  it("pauses first if necessary", async () => {
    await apply(pauseAndVeto);
    expect(callsSent()).to.deep.equal([[["pause"], ["vetoRoot", 7n]]]);
    expect(events[0]).to.include({ kind: "vetoSent", pauses: true });
  });

  it("isn't sent if someone else's veto was faster", async () => {
    refuse = () => {
      throw refusalBy("treasury", "NothingToVeto", [7n]);
    };
    await apply(pauseAndVeto);
    expect([sent, events]).to.deep.equal([[], []]);
  });

  it("only vetoes if the guardian may not pause again yet", async () => {
    refuse = (functions) => {
      if (functions.includes("pause")) throw refusalBy("treasury", "GuardianMustRest", [9n]);
    };
    await apply(pauseAndVeto);
    expect(callsSent()).to.deep.equal([[["vetoRoot", 7n]]]);
    expect(events[0]).to.include({ kind: "vetoSent", pauses: false });
    await apply(pauseAndVeto);
    expect(sent, "the remedy is the same").to.have.lengthOf(1);
  });

  it("isn't sent, and fails with the contract's error, if the remedy is refused for any other reason", async () => {
    refuse = (functions) => {
      throw functions.includes("pause")
        ? refusalBy("treasury", "GuardianMustRest", [9n])
        : refusalBy("treasury", "NothingToVeto", [7n]);
    };
    expect((await rejection(apply(pauseAndVeto), RefusedError)).errorName).to.equal("GuardianMustRest");
    refuse = () => {
      throw refusalBy("treasury", "TreasuryNotPaused");
    };
    expect((await rejection(apply(veto), RefusedError)).errorName).to.equal("TreasuryNotPaused");
    refuse = (functions) => {
      if (functions.includes("pause")) throw refusalBy("treasury", "TreasuryNotPaused");
    };
    expect((await rejection(apply(pauseAndVeto), RefusedError)).errorName).to.equal("TreasuryNotPaused");
    expect(sent).to.deep.equal([]);
  });

  it("is outbid with the same nonce if it isn't mined within 30 s", async () => {
    await apply(veto);
    now += 29;
    await apply(veto);
    expect(sent).to.have.lengthOf(1);
    now += 1;
    await apply(veto);
    const [first, second] = transactions();
    expect(second!.nonce).to.equal(first!.nonce);
    expect([second!.maxFeePerGas, second!.maxPriorityFeePerGas]).to.deep.equal([228n, 3n]);
    now += 29;
    await apply(veto);
    expect(sent).to.have.lengthOf(2);
  });

  for (const [what, other, calls] of [
    ["a veto of an older epoch", { ...veto, fromEpoch: 6 }, [["vetoRoot", 6n]]],
    ["a pause", pauseAndVeto, [["pause"], ["vetoRoot", 7n]]],
  ] as const) {
    it(`is replaced at once if ${what} becomes necessary`, async () => {
      await apply(veto);
      await apply(other);
      expect(callsSent()[1]).to.deep.equal(calls);
      expect(transactions()[1]).to.include({ nonce: 4, maxFeePerGas: 228n });
    });
  }

  it("starts again with the next nonce once its nonce is used", async () => {
    await apply(veto);
    nonce = 5;
    await apply(veto);
    expect(transactions()[1]).to.include({ nonce: 5, maxFeePerGas: 202n });
  });

  it("is sent through another endpoint each time, or the watcher's own connection if none is in use", async () => {
    inUse = 3;
    for (const epoch of [7, 6, 5, 4]) await apply({ ...veto, fromEpoch: epoch });
    inUse = 0;
    await apply({ ...veto, fromEpoch: 3 });
    expect(sent.map(({ through }) => through)).to.deep.equal([1, 2, 3, 1, 0]);
  });

  it("isn't sent if its fee would exceed the ceiling, which is reported", async () => {
    maxFeePerGasWei = 101n;
    await apply(veto);
    expect(sent).to.deep.equal([]);
    expect(events).to.deep.equal([{ kind: "feeAboveCeiling", askedWei: 102n, ceilingWei: 101n }]);
    expect(memory.sent).to.equal(null);
  });

  it("isn't reported if another transaction with its nonce is pending, which it outbids after 30 s", async () => {
    answerToSending = () => {
      throw Object.assign(new Error("replacement transaction underpriced"), { code: -32_000 });
    };
    await apply(veto);
    expect(events).to.deep.equal([]);
    answerToSending = () => undefined;
    now += 30;
    await apply(veto);
    expect(transactions()[1]).to.include({ nonce: 4, maxFeePerGas: 228n });
  });

  it("is forgotten if its nonce is used when it arrives", async () => {
    answerToSending = () => {
      throw Object.assign(new Error("nonce too low"), { code: -32_000 });
    };
    await apply(veto);
    expect([events, memory.sent]).to.deep.equal([[], null]);
  });
});
