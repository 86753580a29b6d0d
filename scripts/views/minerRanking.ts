import { type Hex } from "viem";
import { type EventBlock, readBlockTimes, nextTimestamp } from "../chain/blocks";
import { type Connection } from "../chain/connection";
import { type Deployment } from "../chain/deployment";
import { agreedScoresWad } from "../core/assembleInputs";
import { type RankingFacts } from "../core/minerRanking";
import { lowerCase } from "../core/strictJson";
import { readReveals } from "../keeper/facts/collectFacts";
import { requireWholeEvents } from "../chain/contradiction";
import { readMiners } from "../keeper/facts/readMiners";
import { readPolicyHistory } from "../keeper/facts/readPolicies";
import { type BookedTask, bookOf, firstRankedEpoch, isRanked, type TaskBook } from "./taskBook";
import { provenModels } from "./taskTypes";

/** How many of a miner's newest completed tasks of a type are timed, for each takes the times of two blocks. */
const timedTasks = 9;

/** What is read once of a deployment, by what it follows from: a chain that takes blocks back has others. */
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
 * @throws MissingEventsError where the events that an endpoint gave are not all that there are.
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

/** What validators agreed on in an epoch whose reveal window is over. */
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

/** The running epoch, null before genesis; and the last one whose reveal window is over, below 0 where none is. */
function epochsAt({ choices, config }: Deployment, timestamp: number) {
  const { slotSeconds, slotsPerEpoch, revealSlots } = config.clock;
  const slots = (timestamp - choices.genesisTimestamp) / slotSeconds;
  return {
    epoch: slots < 0 ? null : Math.floor(slots / slotsPerEpoch),
    lastScored: Math.floor((slots - revealSlots) / slotsPerEpoch) - 1,
  };
}

/** The newest completed ones of each miner and type. */
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
