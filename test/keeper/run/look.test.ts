import { expect } from "chai";
import { type Hex, numberToHex, pad } from "viem";
import { ContradictionError } from "../../../scripts/chain/badAnswers";
import { type Confirmations } from "../../../scripts/chain/blocks";
import { type SettledEpoch } from "../../../scripts/keeper/facts/settledEpochs";
import { look, OlderViewError, requireNoOlderView } from "../../../scripts/keeper/run/look";
import { answeringChain, blockAt, logOf, logsAmong } from "../../shared/answeringChain";
import { quietSettlementLog, quietViews } from "../../shared/quietNetwork";
import { rejection } from "../../shared/rejection";

const keeper = pad("0x99", { size: 20 });

describe("A keeper's look at the chain", () => {
  /** The Treasury's events, the newest last, and what its views return. */
  let logs: ReturnType<typeof logOf>[];
  let [paused, settled, dueAt] = [false, 0, 0];

  beforeEach(() => {
    [logs, paused, settled, dueAt] = [[], false, 0, 1_200];
  });

  /** A chain with a block every 10 s, the newest being 50 at the time 503; epochs last 1,000 s, and reveals 200 s. */
  const chain = () =>
    answeringChain(
      {
        views: {
          ...quietViews,
          "treasury.nextEpochToSettle": () => BigInt(settled),
          "treasury.paused": () => paused,
          "treasury.vetoedSettlement": () => [settled > 0, BigInt(Math.max(0, settled - 1)), 0n],
          "treasury.revealEnd": (epoch: bigint) => 1_000n * epoch + BigInt(dueAt),
        },
        methods: {
          eth_blockNumber: () => "0x32",
          eth_getBlockByNumber: (tag: Hex) => {
            const number = tag.startsWith("0x") ? Number(tag) : 50;
            return { ...blockAt(number, 10 * number + 3), baseFeePerGas: "0x7" };
          },
          eth_getLogs: (filter: Record<string, unknown>) => logsAmong(logs)(filter),
          eth_getTransactionCount: () => "0x4",
          eth_getBalance: () => "0x9",
        },
      },
      { clock: { slotSeconds: 10, slotsPerEpoch: 100, revealSlots: 20 } },
    );
  const see = (confirmations: Confirmations = 0) => look(chain(), confirmations, keeper);

  const pause = (endsAt: bigint, block = 20) => logOf("treasury", "Paused", { account: keeper, endsAt }, { block });
  const settle = (epoch: number, block: number) => quietSettlementLog(epoch, { block });

  it("sees its account's balance and nonce, what is due, and the final block's time, by which that is judged", async () => {
    expect(await see()).to.deep.equal({
      ...{ headBlock: 50n, headTimestamp: 503, baseFeePerGasWei: 7n, finalBlock: 50n, now: 503 },
      ...{ nextEpochToSettle: 0, dueAt: 1_200, paused: false, vetoedEpoch: null, settled: [], finalEpochs: 0 },
      ...{ minedTransactions: 4, keeperBalanceWei: 9n },
    });
    const deep = await see(8);
    expect([deep.finalBlock, deep.now]).to.deep.equal([42n, 423]);
    const old = await see(50);
    expect([old.finalBlock, old.now]).to.deep.equal([0n, 3]);
    const young = await see(51);
    expect([young.finalBlock, young.now]).to.deep.equal([-1n, 0]);
  });

  it("distinguishes final epochs from those that are only settled, and names the vetoed one", async () => {
    logs = [settle(0, 30), settle(1, 42), settle(2, 43)];
    settled = 3;
    const seen = await see(8);
    expect([seen.settled.length, seen.finalEpochs, seen.vetoedEpoch]).to.deep.equal([3, 2, 2]);
  });

  describe("believes an endpoint that says the Treasury is paused", () => {
    for (const [what, events, isPaused] of [
      ["if its newest event is a pause without an end", [pause(0n)], true],
      ["if a pause ends in the next second", [pause(504n)], true],
      ["but not from the second in which a pause ends", [pause(503n)], false],
      [
        "but not after the pause was lifted",
        [pause(0n), logOf("treasury", "Unpaused", { account: keeper }, { block: 21 })],
        false,
      ],
    ] as const) {
      it(what, async () => {
        logs = [...events];
        paused = isPaused;
        expect(await see()).to.have.property("paused", isPaused);
        paused = !isPaused;
        expect((await rejection(see(), ContradictionError)).message).to.match(/^Whether the Treasury is paused /);
      });
    }
  });

  it("doesn't believe an endpoint that moves the time at which an epoch is due", async () => {
    dueAt = 1_201;
    expect((await rejection(see(), ContradictionError)).message).to.equal(
      "Epoch 0 is due at 1201 according to an endpoint, but at 1200 according to the network's clock.",
    );
  });

  describe("that ends before a known settlement", () => {
    const known = [{ blockNumber: 40n, blockHash: pad(numberToHex(41)), settlement: { epoch: 3n } }];
    const judge = (headBlock: bigint, ...answers: readonly (() => object | null)[]) =>
      requireNoOlderView(headBlock, known as unknown as readonly SettledEpoch[], () =>
        answers.map((answer, i) => ({
          ...{ endpoint: `e${i}`, connection: answeringChain({ methods: { eth_getBlockByNumber: answer } }) },
        })),
      );
    const fails = () => {
      throw Object.assign(new Error("out of order"), { code: -32_000 });
    };

    it("is an older view while any endpoint shows that settlement's block", async () => {
      const { message } = await rejection(
        judge(39n, fails, () => blockAt(40, 400)),
        OlderViewError,
      );
      expect(message).to.equal(
        "An endpoint shows the chain only up to block 39, but block 40, which settled epoch 3, still exists.",
      );
    });

    it("shows a chain that became shorter if each endpoint fails, lacks that block, or shows another one", async () => {
      await judge(
        39n,
        fails,
        () => null,
        () => ({ ...blockAt(40, 400), hash: pad("0x77") }),
      );
    });

    it("isn't an older view if it ends with that settlement's block", async () => {
      await judge(40n, () => blockAt(40, 400));
    });
  });
});
