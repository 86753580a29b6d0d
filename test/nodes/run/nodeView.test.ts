import { expect } from "chai";
import { type Hex, keccak256, numberToHex, pad } from "viem";
import { MissingEventsError } from "../../../scripts/chain/badAnswers";
import { completedTasks, liveTasks, viewChain } from "../../../scripts/nodes/run/nodeView";
import { answeringChain } from "../../shared/answeringChain";
import { chainWith, completed, headOfTasks, refunded, someClient, submitted } from "./taskLogs";

const slotSeconds = 10;
const clock = { slotSeconds, slotsPerEpoch: 20, revealSlots: 6, closingSlots: 4 };
const genesisTimestamp = 1_000;

describe("A node's view of its chain", () => {
  /** The view as of block 7 at this time, if the next block would have the other time. */
  function view(timestamp: number, next: number, baseFeePerGas?: Hex) {
    const block = (number: number, time: number) => ({
      ...{ number: numberToHex(number), hash: pad(numberToHex(number)), timestamp: numberToHex(time) },
      ...{ transactions: [], baseFeePerGas },
    });
    const methods = {
      eth_getBlockByNumber: (tag: string) => (tag === "latest" ? block(7, timestamp) : block(8, next)),
      eth_getTransactionCount: (account: Hex, tag: Hex) => (account === someClient && tag === "0x7" ? "0x3" : "0x0"),
      eth_getBalance: (account: Hex, tag: Hex) => (account === someClient && tag === "0x7" ? "0x5" : "0x0"),
    };
    return viewChain(answeringChain({ methods }, { clock, genesisTimestamp }), someClient);
  }

  it("has the head, and the account's balance and mined transactions there", async () => {
    expect(await view(1_500, 1_501, "0x9")).to.deep.include({
      ...{ headBlock: 7n, headTimestamp: 1_500, now: 1_501, baseFeePerGasWei: 9n },
      ...{ minedTransactions: 3, balanceWei: 5n },
    });
    expect((await view(1_500, 1_501)).baseFeePerGasWei, "of a chain without base fees").to.equal(0n);
  });

  it("has the time of the next block, or the head's if that is later", async () => {
    expect((await view(1_500, 1_600)).now).to.equal(1_600);
    expect((await view(1_500, 1_400)).now).to.equal(1_500);
  });

  it("has neither slot nor epoch before genesis", async () => {
    expect(await view(900, 999)).to.include({ slot: null, epoch: null });
    expect(await view(900, 1_000)).to.include({ slot: 0, epoch: 0 });
  });

  it("has the slot counted from genesis, and the epoch that it lies in", async () => {
    expect(await view(900, 1_009)).to.include({ slot: 0, epoch: 0 });
    expect(await view(900, 1_010)).to.include({ slot: 1, epoch: 0 });
    expect(await view(900, 1_199)).to.include({ slot: 19, epoch: 0 });
    expect(await view(900, 1_200)).to.include({ slot: 20, epoch: 1 });
  });
});

describe("The tasks that a node sees", () => {
  const tasksOf = async (...logs: Parameters<typeof chainWith>[0] extends () => readonly (infer L)[] ? L[] : never) => [
    ...(await liveTasks(chainWith(() => logs))).values(),
  ];

  it("have their terms, and the blocks in which they were submitted and completed", async () => {
    const terms = { taskId: 1, minerId: 3, typeId: 2, deadline: 77, input: "0x0506" } as const;
    expect(await tasksOf(submitted(terms), completed({ taskId: 1, epoch: 4, result: "0x08" }))).to.deep.equal([
      {
        ...{ ...terms, client: "0x00000000000000000000000000000000000000C1", feeWei: 10n },
        ...{ inputHash: keccak256("0x0506"), submittedIn: pad(numberToHex(2)) },
        completed: { epoch: 4, resultHash: keccak256("0x08"), result: "0x08", completedIn: pad(numberToHex(1_002)) },
      },
    ]);
  });

  it("are open until they are completed, and gone once they are refunded", async () => {
    const tasks = await tasksOf(
      ...[submitted({ taskId: 1 }), submitted({ taskId: 2 }), submitted({ taskId: 3 })],
      ...[completed({ taskId: 2, epoch: 0 }), refunded(3)],
    );
    expect(tasks.map(({ taskId, completed: done }) => [taskId, done === null])).to.deep.equal([
      [1, true],
      [2, false],
    ]);
  });

  it("are forgotten once another is completed for an epoch three later; open ones never are", async () => {
    const logs = [1, 2, 3, 4].map((taskId) => submitted({ taskId }));
    const first = [...logs, completed({ taskId: 1, epoch: 5 }), completed({ taskId: 2, epoch: 6 })];
    expect((await tasksOf(...first, completed({ taskId: 3, epoch: 7 }))).map(({ taskId }) => taskId)).to.deep.equal([
      ...[1, 2, 3, 4],
    ]);
    expect((await tasksOf(...first, completed({ taskId: 3, epoch: 8 }))).map(({ taskId }) => taskId)).to.deep.equal([
      ...[2, 3, 4],
    ]);
  });

  it("are known to be incomplete if the contract counts more", async () => {
    const chain = chainWith(() => [submitted({ taskId: 1 })], { views: { "taskRegistry.taskCount": () => 2n } });
    const error = await liveTasks(chain).catch((one: unknown) => one);
    expect(error).to.be.instanceOf(MissingEventsError);
    expect((error as Error).message).to.match(/^The number of tasks is 1 .* but 2 /);
  });

  it("are known to be incomplete if one was completed that was never submitted", async () => {
    const chain = chainWith(() => [submitted({ taskId: 1 }), completed({ taskId: 2, epoch: 0 })], {
      views: { "taskRegistry.taskCount": () => 2n },
    });
    expect(await liveTasks(chain).catch((one: unknown) => one)).to.be.instanceOf(MissingEventsError);
  });

  it("no longer include those that a reorganisation dropped", async () => {
    let logs = [submitted({ taskId: 1 }), submitted({ taskId: 2 })];
    let hash = pad("0x01");
    const head = numberToHex(headOfTasks);
    const methods = { eth_getBlockByNumber: () => ({ number: head, hash, timestamp: "0x1", transactions: [] }) };
    const chain = chainWith(() => logs, { methods }, { keeper: { confirmations: 2 * headOfTasks } });
    expect((await liveTasks(chain)).size).to.equal(2);
    [logs, hash] = [[submitted({ taskId: 1 })], pad("0x02")];
    expect([...(await liveTasks(chain)).values()].map(({ taskId }) => taskId)).to.deep.equal([1]);
  });

  it("aren't read again once their number agreed with the contract's", async () => {
    const asked: string[] = [];
    const chain = chainWith(
      () => [submitted({ taskId: 1 })],
      {},
      {},
      (question) => asked.push(question),
    );
    await liveTasks(chain);
    chain.events.distrust();
    asked.length = 0;
    await liveTasks(chain);
    expect(asked).not.to.include("eth_getLogs");
  });

  describe("for an epoch", () => {
    const logs = [
      ...[1, 2, 3, 4].map((taskId) => submitted({ taskId })),
      ...[completed({ taskId: 1, epoch: 6 }), completed({ taskId: 2, epoch: 7 }), completed({ taskId: 3, epoch: 7 })],
    ];
    const ofEpoch = (count: bigint) =>
      completedTasks(
        chainWith(() => logs, {
          views: { "taskRegistry.epochTasks": (epoch: bigint) => [epoch === 7n ? count : 0n, 0n] },
        }),
        7,
      );

    it("are those that were completed for it", async () => {
      expect((await ofEpoch(2n)).map(({ taskId }) => taskId)).to.deep.equal([2, 3]);
    });

    it("are known to be incomplete if the contract counts more for it", async () => {
      const error = await ofEpoch(3n).catch((one: unknown) => one);
      expect(error).to.be.instanceOf(MissingEventsError);
      expect((error as Error).message).to.match(/^The number of tasks completed for epoch 7 is 2 .* but 3 /);
    });
  });
});
