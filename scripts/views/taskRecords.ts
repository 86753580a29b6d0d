/** Tasks with all that the chain has on them, a few at a time: a query costs the same however many there are. */
import { type Address, type Hex, keccak256 } from "viem";
import { blockOf, readBlockTimes } from "../chain/blocks";
import { type Connection } from "../chain/connection";
import { type ChainEvent } from "../chain/events/eventTypes";
import { lowerCase } from "../core/address";
import { provenModels } from "./taskTypes";
import { requireWholeEvents } from "../chain/badAnswers";

export const taskStatuses = ["open", "completed", "refunded"] as const;

type TaskStatus = (typeof taskStatuses)[number];

/** Which tasks, the newest first. */
export interface TaskQuery {
  /** The miner's id. */
  readonly miner?: number | undefined;
  readonly client?: Address | undefined;
  readonly status?: TaskStatus | undefined;
  /** Only those with this id or a lower one. */
  readonly from?: number | undefined;
  /** Most tasks to return. */
  readonly limit: number;
}

/** The events of one task. */
export interface TaskEvents {
  readonly submitted: ChainEvent<"TaskSubmitted">;
  /** Undefined while it is open. */
  readonly ended: ChainEvent<"TaskCompleted" | "TaskRefunded"> | undefined;
}

/** Most tasks looked at if only one status is asked for: a page can be short, and still have a next one. */
const mostLookedAt = 200;

/** Tasks, and the id from which to ask for the next ones; null if there are none. */
export async function findTasks(
  { events }: Pick<Connection, "events">,
  { miner, client, status, from, limit }: TaskQuery,
  lookedAt = status === undefined ? limit : mostLookedAt,
): Promise<{ readonly tasks: readonly TaskEvents[]; readonly next: number | null }> {
  const [upTo] = from === undefined ? [] : await events.select(["TaskSubmitted"], { tasks: [from] });
  const subject = client && lowerCase(client);
  const submitted = await events.select(["TaskSubmitted"], { miner, subject, upTo, newest: lookedAt });
  const ids = submitted.map(({ args }) => Number(args.taskId));
  const ends = await events.select(["TaskCompleted", "TaskRefunded"], { tasks: ids });
  const endOf = new Map(ends.map((ended) => [ended.args.taskId, ended]));
  const found = submitted
    .map((one): TaskEvents => ({ submitted: one, ended: endOf.get(one.args.taskId) }))
    .filter((task) => status === undefined || statusOf(task) === status);
  const tasks = found.slice(0, limit);
  if (submitted.length < lookedAt && found.length <= limit) return { tasks, next: null };
  const last = found.length > limit ? Number(tasks.at(-1)!.submitted.args.taskId) : ids.at(-1)!;
  return { tasks, next: last > 1 ? last - 1 : null };
}

function statusOf({ ended }: Pick<TaskEvents, "ended">): TaskStatus {
  if (ended === undefined) return "open";
  return ended.name === "TaskCompleted" ? "completed" : "refunded";
}

/**
 * Tasks for people and programs.
 * @param accountOf The account of a miner.
 * @param known Times of blocks, unix seconds by hash, that were read before.
 * @returns The described tasks, and the times that were needed.
 */
export async function describeTasks(
  connection: Pick<Connection, "reader" | "events">,
  tasks: readonly TaskEvents[],
  accountOf: (minerId: number) => Address,
  known: ReadonlyMap<Hex, number>,
) {
  const events = tasks.flatMap(({ submitted, ended }) => [submitted, ...(ended === undefined ? [] : [ended])]);
  const [times, models] = await Promise.all([
    readBlockTimes(connection.reader, events.map(blockOf), known),
    provenModels(connection),
  ]);
  const mined = ({ block, blockHash, transactionHash }: ChainEvent) => {
    return { hash: transactionHash, blockNumber: block, timestamp: times.get(blockHash)! };
  };
  const described = tasks.map(({ submitted, ended }) => {
    const { taskId, client, minerId, typeId, feeWei, difficultyBps, deadline, inputHash, input } = submitted.args;
    const completed = ended?.name === "TaskCompleted" ? ended.args : null;
    return {
      ...{ taskId: Number(taskId), client, minerId, miner: accountOf(minerId), typeId, feeWei, difficultyBps },
      modelHash: models.get(typeId) ?? null,
      ...{ deadline: Number(deadline), status: statusOf({ ended }), submitted: mined(submitted) },
      ended: ended === undefined ? null : mined(ended),
      epoch: completed && Number(completed.epoch),
      ...{ inputHash, input: carriedBytes(inputHash, input) },
      resultHash: completed && completed.resultHash,
      result: completed && carriedBytes(completed.resultHash, completed.result),
    };
  });
  return { described, times };
}

const hashOfNothing = keccak256("0x");

/** The bytes that a transaction carried; null if they travel off chain. */
function carriedBytes(hash: Hex, bytes: Hex): Hex | null {
  return bytes === "0x" && hash !== hashOfNothing ? null : bytes;
}

/**
 * Every task, by id.
 * @throws MissingEventsError if the TaskRegistry has another number of them.
 */
export async function listTasks({ reader, contracts, events: log }: Connection) {
  const blockNumber = await reader.getBlockNumber();
  const events = log.at(blockNumber);
  const [submitted, ends, models, count] = await Promise.all([
    events.select(["TaskSubmitted"]),
    events.select(["TaskCompleted", "TaskRefunded"]),
    provenModels({ events }),
    contracts.taskRegistry.read.taskCount({ blockNumber }),
  ]);
  requireWholeEvents("The number of tasks", BigInt(submitted.length), count);
  const endOf = new Map(ends.map((ended) => [ended.args.taskId, ended]));
  return submitted.map(({ args: { taskId, client, minerId, typeId, feeWei, difficultyBps, deadline } }) => ({
    ...{ taskId: Number(taskId), client, minerId, typeId, feeWei, difficultyBps, deadline: Number(deadline) },
    status: statusOf({ ended: endOf.get(taskId) }),
    /** The model that its result must be proven to come from; null if scores judge it. */
    modelHash: models.get(typeId) ?? null,
  }));
}
