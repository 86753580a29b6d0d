import { type Hex, type Address, getAddress } from "viem";
import { type EventBlock, readBlockTimes, nextTimestamp, blockOf } from "../chain/blocks";
import { type Connection } from "../chain/connection";
import { startOf } from "./epochTimes";
import { type Deployment } from "../chain/deployment";
import { agreedScoresWad } from "../core/assembleInputs";
import {
  type RankingFacts,
  type MinerRank,
  rankMiners,
  type RankingOrder,
  sortMiners,
  type RankedTask,
} from "../core/minerRanking";
import { lowerCase } from "../core/address";
import { readReveals } from "../keeper/facts/collectFacts";
import { requireWholeEvents } from "../chain/badAnswers";
import { readMiners, readPolicyHistory } from "../keeper/facts/registries";
import { provenModels } from "./taskTypes";
import { type Profile } from "../core/profile";
import { readProfile } from "./accounts";
import { type Fold } from "../chain/events/eventLog";
import { type ChainEvent } from "../chain/events/eventTypes";

/** Newest completed tasks of a miner and type that are timed; few, as each takes the times of two blocks. */
const timedTasks = 9;

/** What is read once per deployment, keyed by what it follows from: after a reorganisation the keys are others. */
interface Kept {
  readonly book: TaskBook;
  /** Unix seconds by the block's hash. */
  seconds: ReadonlyMap<Hex, number>;
  /** By the epoch and the block of its last reveal. */
  scoresWad: ReadonlyMap<string, readonly bigint[]>;
}

const keptOf = new WeakMap<Deployment, Kept>();

/**
 * What miners did in the last `rankedEpochs` epochs whose scores are final and since, for rankMiners and bestMiner.
 * @throws MissingEventsError if the events that an endpoint gave are incomplete.
 */
export async function readRanking(connection: Connection): Promise<RankingFacts> {
  const { reader, contracts, deployment, events } = connection;
  const kept = keptOf.get(deployment) ?? { book: bookOf(deployment), seconds: new Map(), scoresWad: new Map() };
  keptOf.set(deployment, kept);
  const blockNumber = await reader.getBlockNumber();
  const [{ submitted, open, ended }, count, registered, { timeline }, proven, timestamp] = await Promise.all([
    events.at(blockNumber).fold(kept.book),
    contracts.taskRegistry.read.taskCount({ blockNumber }),
    readMiners(connection),
    readPolicyHistory(connection),
    provenModels({ events: events.at(blockNumber) }),
    nextTimestamp(reader).then(Number),
  ]);
  requireWholeEvents("The number of tasks", BigInt(submitted), count);
  const miners = registered.map((miner) => ({ ...miner, account: lowerCase(miner.account) }));
  const { epoch, lastScored } = epochsAt(deployment, timestamp);
  const tasks = [...ended, ...open.values()].filter(isRanked(deployment, firstRankedEpoch(lastScored)));
  const timed = newestOf(tasks.filter(({ client, minerId }) => client !== miners[minerId - 1]!.account));
  kept.seconds = await readBlockTimes(reader, [...timed].flatMap(blocksOf), kept.seconds);
  const epochs = new Set(tasks.flatMap(({ completedIn }) => completedIn ?? []).filter((one) => one <= lastScored));
  const thresholdOf = (one: number): number => timeline.policyAt(one).qualityThresholdBps;
  const scored = await Promise.all(
    [...epochs].map((one) => readScores(connection, { epoch: one, minerCount: miners.length, thresholdOf }, kept)),
  );
  kept.scoresWad = new Map(scored.map(({ key, scoresWad }) => [key, scoresWad]));
  return {
    miners,
    tasks: tasks.map((task) => ({ ...task, latencySeconds: timed.has(task) ? latencyOf(task, kept.seconds) : null })),
    scoresWad: new Map(scored.map((one) => [one.epoch, one.scoresWad])),
    provenTypes: new Set(proven.keys()),
    thresholdBps: thresholdOf(Math.max(0, lastScored)),
    epoch,
    timestamp,
  };
}

/** The agreed scores of an epoch whose reveal window is over. */
async function readScores(
  connection: Connection,
  { epoch, minerCount, thresholdOf }: { epoch: number; minerCount: number; thresholdOf: (epoch: number) => number },
  kept: Kept,
) {
  const [last] = await connection.events.select(["ScoresRevealed"], { epoch, newest: 1 });
  const key = `${epoch} ${last?.blockHash}`;
  const scoresWad =
    kept.scoresWad.get(key) ?? agreedScoresWad(await readReveals(connection, epoch), minerCount, thresholdOf(epoch));
  return { key, epoch, scoresWad };
}

/** The running epoch, null before genesis; and the last one whose reveal window is over, below 0 if none is. */
function epochsAt({ choices, config }: Deployment, timestamp: number) {
  const { slotSeconds, slotsPerEpoch, revealSlots } = config.clock;
  const slots = (timestamp - choices.genesisTimestamp) / slotSeconds;
  return {
    epoch: slots < 0 ? null : Math.floor(slots / slotsPerEpoch),
    lastScored: Math.floor((slots - revealSlots) / slotsPerEpoch) - 1,
  };
}

/** The newest completed tasks of each miner and type, at most `timedTasks`. */
function newestOf(tasks: readonly BookedTask[]): ReadonlySet<BookedTask> {
  const counts = new Map<string, number>();
  const newest = tasks.toReversed().filter(({ minerId, typeId, completed }) => {
    if (completed === null) return false;
    const count = (counts.get(`${minerId} ${typeId}`) ?? 0) + 1;
    counts.set(`${minerId} ${typeId}`, count);
    return count <= timedTasks;
  });
  return new Set(newest);
}

function blocksOf({ submitted, completed }: BookedTask): readonly EventBlock[] {
  return completed === null ? [] : [submitted, completed];
}

function latencyOf(task: BookedTask, seconds: ReadonlyMap<Hex, number>): number {
  const [from = 0, to = 0] = blocksOf(task).map(({ hash }) => seconds.get(hash)!);
  return to - from;
}

/** A miner with its rank and its latest work. */
export interface RankedMiner extends MinerRank {
  readonly account: Address;
  /** First epoch in which it may complete tasks. */
  readonly activeFromEpoch: number;
  /** Completed tasks that count for the running epoch so far, and for the one before; 0 if there is no such epoch. */
  readonly completedThisEpoch: number;
  readonly completedLastEpoch: number;
}

/** A miner as `miner list` shows it. */
export interface MinerSummary extends RankedMiner {
  /** Who it says it is; null if it says nothing. */
  readonly profile: Profile | null;
}

/**
 * How miners are listed: with `sort`, the best first instead of by id; with `typeId`, by the tasks of that type alone.
 */
export interface MinerListing {
  readonly sort?: RankingOrder | undefined;
  readonly typeId?: number | undefined;
}

/** Every miner, with its latest work and its rank. @throws MissingEventsError as readRanking. */
export async function listMinersAtWork(
  connection: Connection,
  listing: MinerListing = {},
): Promise<readonly MinerSummary[]> {
  const miners = listRanked(await readRanking(connection), listing);
  return withProfiles(miners, (account) => readProfile(connection, account));
}

/** The same miners, with their profiles. */
export function withProfiles(
  miners: readonly RankedMiner[],
  profileOf: (account: Address) => Promise<Profile | null>,
): Promise<readonly MinerSummary[]> {
  return Promise.all(miners.map(async (one) => ({ ...one, profile: await profileOf(one.account) })));
}

/** Every miner, with its latest work and its rank, from facts that were read. */
export function listRanked(facts: RankingFacts, { sort, typeId }: MinerListing): readonly RankedMiner[] {
  const { epoch, miners, tasks } = facts;
  const counts = new Map<string, number>();
  for (const { minerId, completedIn } of tasks) {
    if (completedIn !== null)
      counts.set(`${minerId} ${completedIn}`, (counts.get(`${minerId} ${completedIn}`) ?? 0) + 1);
  }
  const completed = (minerId: number, inEpoch: number): number => counts.get(`${minerId} ${inEpoch}`) ?? 0;
  const listed = rankMiners(facts, typeId).map((rank) => {
    const { account, activeFromEpoch } = miners[rank.minerId - 1]!;
    return {
      ...rank,
      account: getAddress(account),
      activeFromEpoch,
      completedThisEpoch: completed(rank.minerId, epoch ?? -1),
      completedLastEpoch: completed(rank.minerId, (epoch ?? -1) - 1),
    };
  });
  return sort === undefined ? listed : sortMiners(listed, sort);
}

/**
 * Epochs with final scores that a ranking looks back on: the window in which three misses jail a validator. Long
 * enough that a miner with one task per epoch has several scores, short enough that a miner that got worse soon loses
 * its old ones.
 */
export const rankedEpochs = 8;

/** A task, and where its events are. */
export interface BookedTask extends Omit<RankedTask, "latencySeconds"> {
  readonly submitted: EventBlock;
  /** Null if it was not completed. */
  readonly completed: EventBlock | null;
}

/** The tasks that may count for a ranking: older ones are dropped, so that it doesn't grow with age. */
interface Tasks {
  /** How many were submitted in all. */
  submitted: number;
  open: Map<bigint, BookedTask>;
  /** Completed and refunded ones, in the order in which they ended. */
  ended: BookedTask[];
}

export type TaskBook = Fold<Tasks>;

/** The first epoch of a ranking. @param lastScored The last one whose scores are final. */
export function firstRankedEpoch(lastScored: number): number {
  return lastScored - rankedEpochs + 1;
}

/** Whether a task counts from an epoch on: completed for it or later, or not completed and due after it began. */
export function isRanked(deployment: Deployment, firstEpoch: number): (task: BookedTask) => boolean {
  const start = startOf({ deployment }, firstEpoch);
  return ({ completedIn, deadline }) => (completedIn === null ? deadline >= start : completedIn >= firstEpoch);
}

/** Books the tasks of a deployment. A settlement drops the old ones, because the scores of its epoch are final. */
export function bookOf(deployment: Deployment): TaskBook {
  return {
    names: ["TaskSubmitted", "TaskCompleted", "TaskRefunded", "EpochSettled"],
    start: () => ({ submitted: 0, open: new Map(), ended: [] }),
    copy: ({ submitted, open, ended }) => ({ submitted, open: new Map(open), ended: [...ended] }),
    apply: (tasks, event) => {
      switch (event.name) {
        case "TaskSubmitted":
          submit(tasks, event);
          break;
        case "TaskCompleted":
          end(tasks, event, { completedIn: Number(event.args.epoch), completed: blockOf(event) });
          break;
        case "TaskRefunded":
          end(tasks, event, {});
          break;
        case "EpochSettled":
          forget(tasks, isRanked(deployment, firstRankedEpoch(Number(event.args.epoch))));
      }
    },
  };
}

function submit(tasks: Tasks, event: ChainEvent<"TaskSubmitted">): void {
  const { taskId, client, minerId, typeId, feeWei, deadline } = event.args;
  const terms = { minerId, typeId, client: lowerCase(client), feeWei, deadline: Number(deadline) };
  const unfinished = { completedIn: null, submitted: blockOf(event), completed: null };
  tasks.submitted++;
  tasks.open.set(taskId, { taskId: Number(taskId), ...terms, ...unfinished });
}

/** A task that was already forgotten ends too late to count. */
function end(
  { open, ended }: Tasks,
  { args }: ChainEvent<"TaskCompleted" | "TaskRefunded">,
  outcome: Partial<BookedTask>,
): void {
  const task = open.get(args.taskId);
  if (task !== undefined) ended.push({ ...task, ...outcome });
  open.delete(args.taskId);
}

function forget(tasks: Tasks, counts: (task: BookedTask) => boolean): void {
  tasks.ended = tasks.ended.filter(counts);
  for (const [taskId, task] of tasks.open) if (!counts(task)) tasks.open.delete(taskId);
}
