import { expect } from "chai";
import { pad, toHex } from "viem";
import { type Deployment } from "../../scripts/chain/deployment";
import { type ChainEvent, type EventName } from "../../scripts/chain/events/eventTypes";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { type BookedTask, bookOf, rankedEpochs } from "../../scripts/views/minerRanking";

const config = loadNetworkConfig("local");
const epochSeconds = config.clock.slotSeconds * config.clock.slotsPerEpoch;
const deployment = { config, choices: { genesisTimestamp: 1_000 } } as Deployment;

/** Unix seconds. */
const startOf = (epoch: number): number => 1_000 + epoch * epochSeconds;
const client = "0x00000000000000000000000000000000000000Ab";

function event(name: EventName, block: number, args: object): ChainEvent {
  return { name, args, block, log: 0, blockHash: pad(toHex(block)), transactionIndex: 0 } as unknown as ChainEvent;
}
const submitted = (taskId: number, deadline: number) =>
  event("TaskSubmitted", taskId, {
    ...{ taskId: BigInt(taskId), client, minerId: 1, typeId: 2, feeWei: 5n, difficultyBps: 1 },
    deadline: BigInt(deadline),
  });
const completed = (taskId: number, epoch: number) =>
  event("TaskCompleted", 100 + taskId, { taskId: BigInt(taskId), minerId: 1, epoch: BigInt(epoch) });
const refunded = (taskId: number) => event("TaskRefunded", 100 + taskId, { taskId: BigInt(taskId) });
const settled = (epoch: number) => event("EpochSettled", 1_000, { epoch: BigInt(epoch) });

function booked(...events: readonly ChainEvent[]) {
  const book = bookOf(deployment);
  const tasks = book.start();
  for (const one of events) book.apply(tasks, one);
  return { ...tasks, openIds: [...tasks.open.keys()].map(Number), endedIds: tasks.ended.map(idOf) };
}

/** The id of a task: each is submitted in the block of that number. */
function idOf({ submitted: { number } }: BookedTask): number {
  return number;
}

describe("The book of tasks behind a ranking", () => {
  const e = rankedEpochs;

  it("has each submitted task with its outcome", () => {
    const { open, ended } = booked(submitted(1, 9), submitted(2, 9), submitted(3, 9), completed(2, 4), refunded(1));
    const task = { minerId: 1, typeId: 2, client: client.toLowerCase(), feeWei: 5n, deadline: 9 };
    const blockOf = (number: number) => ({ number, hash: pad(toHex(number)) });
    expect(ended).to.deep.equal([
      { ...task, taskId: 2, completedIn: 4, submitted: blockOf(2), completed: blockOf(102) },
      { ...task, taskId: 1, completedIn: null, submitted: blockOf(1), completed: null },
    ]);
    const third = { ...task, taskId: 3, completedIn: null, submitted: blockOf(3), completed: null };
    expect([...open]).to.deep.equal([[3n, third]]);
  });

  it("forgets at a settlement the tasks that were completed or due before the ranked epochs", () => {
    const events = [
      ...[submitted(1, 9), completed(1, 0), submitted(2, 9), completed(2, 1)],
      ...[
        submitted(3, startOf(1) - 1),
        submitted(4, startOf(1)),
        submitted(5, startOf(1) - 1),
        submitted(6, startOf(1)),
      ],
      ...[refunded(3), refunded(4)],
    ];
    expect(booked(...events, settled(e - 1))).to.deep.include({ openIds: [5, 6], endedIds: [1, 2, 3, 4] });
    expect(booked(...events, settled(e))).to.deep.include({ openIds: [6], endedIds: [2, 4], submitted: 6 });
  });

  it("ignores the end of a forgotten task", () => {
    expect(booked(submitted(1, 9), settled(e), refunded(1))).to.deep.include({ openIds: [], endedIds: [] });
  });

  it("holds no more tasks after a thousand epochs than after ten", () => {
    const live = (epochs: number) =>
      booked(
        ...Array.from({ length: epochs }, (_, epoch) => [
          ...[submitted(3 * epoch + 1, startOf(epoch + 1)), submitted(3 * epoch + 2, startOf(epoch + 1))],
          ...[completed(3 * epoch + 1, epoch), settled(epoch)],
        ]).flat(),
      );
    const [few, many] = [live(10), live(1_000)];
    expect([few.openIds.length, few.endedIds.length]).to.deep.equal([e + 1, e]);
    expect([many.openIds.length, many.endedIds.length]).to.deep.equal([e + 1, e]);
  });

  it("can be copied: events in the copy don't change the original", () => {
    const book = bookOf(deployment);
    const before = book.start();
    const after = book.copy(before);
    for (const one of [submitted(1, 9), submitted(2, 9), completed(1, 3)]) book.apply(after, one);
    expect(before).to.deep.equal(book.start());
  });
});
