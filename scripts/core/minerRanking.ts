import { type Address } from "viem";
import { BPS, min, mulDivDown, sum, WAD, bpsToWad, ascending, descending, lowerMedian } from "./fixedPoint";

/** A task that a client paid for: completed, missed, or still open. The client in lower case, the fee in wei. */
export interface RankedTask {
  /** Counted from 1, in order of submission. */
  readonly taskId: number;
  readonly minerId: number;
  readonly typeId: number;
  readonly client: Address;
  readonly feeWei: bigint;
  /** Unix seconds; from then on it can't be completed. */
  readonly deadline: number;
  /** The epoch that its completion counts for; null if it was not completed. */
  readonly completedIn: number | null;
  /** From submission to completion; null if it was not completed, or not looked up. */
  readonly latencySeconds: number | null;
}

/** The facts that a ranking is computed from. */
export interface RankingFacts {
  /** Every miner by id, its account in lower case. */
  readonly miners: readonly { readonly account: Address; readonly activeFromEpoch: number }[];
  readonly tasks: readonly RankedTask[];
  /** By epoch with final scores: the agreed score of each miner, in order of id. */
  readonly scoresWad: ReadonlyMap<number, readonly bigint[]>;
  /** Types whose results are proven: their completed tasks count as scored in full at once, whatever validators say. */
  readonly provenTypes: ReadonlySet<number>;
  /** θ: a miner's score if no validator scores it. */
  readonly thresholdBps: number;
  /** The running epoch; null before genesis. */
  readonly epoch: number | null;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** How a miner served its clients. Tasks that it completed or missed for its own account don't count. */
export interface MinerRank {
  readonly minerId: number;
  /** Average of its agreed scores, and of 1 for proven tasks, weighted by fees; null if it has neither. */
  readonly scoreWad: bigint | null;
  /** The share of completed tasks among those completed or missed, by fees; null if there are none. */
  readonly completedShareBps: number | null;
  /** The median from submission to completion; null if it completed nothing. */
  readonly latencySeconds: number | null;
  /** The median of the fees of completed tasks, in wei; null if it completed nothing. */
  readonly priceWei: bigint | null;
  readonly completedTasks: number;
  /** Tasks whose deadline passed; here each counts in full, whatever its client paid for others. */
  readonly missedTasks: number;
  /** Tasks that it has to do now, of any type and client. */
  readonly openTasks: number;
}

/** What miners can be sorted by. */
export const rankingOrders = ["score", "share", "latency", "price"] as const;

export type RankingOrder = (typeof rankingOrders)[number];

/**
 * Ranks miners by the tasks of one type, or of all.
 *
 * A missed deadline costs the client nothing, because the fee comes back. So a client's missed tasks weigh at most as
 * much as what it paid for completed ones: making another miner look bad costs as much as making one's own look good.
 * @returns In order of id.
 */
export function rankMiners(facts: RankingFacts, typeId?: number): readonly MinerRank[] {
  const { miners, timestamp } = facts;
  const counted = facts.tasks.filter(({ client, minerId }) => client !== miners[minerId - 1]!.account);
  const isMissed = ({ completedIn, deadline }: RankedTask): boolean => completedIn === null && deadline <= timestamp;
  const paid = feesByClient(counted.filter(isCompleted));
  const missed = feesByClient(counted.filter(isMissed));
  const heardWei = ({ client, feeWei }: RankedTask): bigint => {
    const missedWei = missed.get(client)!;
    return mulDivDown(feeWei, min(paid.get(client) ?? 0n, missedWei), missedWei);
  };
  const tasksOf = groupByMiner(facts.tasks);
  return miners.map(({ account }, index) => {
    const minerId = index + 1;
    const own = tasksOf.get(minerId) ?? [];
    const ofType = own.filter((task) => task.client !== account && (typeId === undefined || task.typeId === typeId));
    const completed = ofType.filter(isCompleted);
    const missedTasks = ofType.filter(isMissed);
    const completedWei = sum(completed.map(({ feeWei }) => feeWei));
    const judgedWei = completedWei + sum(missedTasks.map(heardWei));
    return {
      minerId,
      scoreWad: scoreOf(minerId, completed, facts),
      completedShareBps: judgedWei === 0n ? null : Number(mulDivDown(BPS, completedWei, judgedWei)),
      latencySeconds: lowerMedian(completed.flatMap(({ latencySeconds }) => latencySeconds ?? [])),
      priceWei: lowerMedian(completed.map(({ feeWei }) => feeWei)),
      completedTasks: completed.length,
      missedTasks: missedTasks.length,
      openTasks: own.filter((task) => !isCompleted(task) && !isMissed(task)).length,
    };
  });
}

/** Σ fee · score / Σ fee over the tasks of scored epochs, and those that were proven. */
function scoreOf(minerId: number, completed: readonly RankedTask[], facts: RankingFacts): bigint | null {
  const { scoresWad, provenTypes } = facts;
  let [weighed, feesWei] = [0n, 0n];
  for (const { completedIn, feeWei, typeId } of completed) {
    const scoreWad = provenTypes.has(typeId) ? WAD : scoresWad.get(completedIn!)?.[minerId - 1];
    if (scoreWad === undefined) continue;
    weighed += feeWei * scoreWad;
    feesWei += feeWei;
  }
  return feesWei === 0n ? null : weighed / feesWei;
}

function isCompleted({ completedIn }: RankedTask): boolean {
  return completedIn !== null;
}

function feesByClient(tasks: readonly RankedTask[]): ReadonlyMap<Address, bigint> {
  const fees = new Map<Address, bigint>();
  for (const { client, feeWei } of tasks) fees.set(client, (fees.get(client) ?? 0n) + feeWei);
  return fees;
}

function groupByMiner(tasks: readonly RankedTask[]): ReadonlyMap<number, readonly RankedTask[]> {
  const groups = new Map<number, RankedTask[]>();
  for (const task of tasks) {
    const group = groups.get(task.minerId) ?? [];
    group.push(task);
    groups.set(task.minerId, group);
  }
  return groups;
}

/**
 * The better one first. Unknown values come last, except by price: a miner without one can be had for the minimum fee.
 */
const comparisons: Readonly<Record<RankingOrder, (a: MinerRank, b: MinerRank) => number>> = {
  score: (a, b) => descending(a.scoreWad ?? -1n, b.scoreWad ?? -1n),
  share: (a, b) => descending(a.completedShareBps ?? -1, b.completedShareBps ?? -1),
  latency: (a, b) => ascending(a.latencySeconds ?? Infinity, b.latencySeconds ?? Infinity),
  price: (a, b) => ascending(a.priceWei ?? -1n, b.priceWei ?? -1n),
};

/** The best first: by `order`, then by score, completed share, latency and price, and finally by id. */
export function sortMiners<R extends MinerRank>(ranks: readonly R[], order: RankingOrder): readonly R[] {
  const keys = [order, ...rankingOrders];
  const byKeys = (a: R, b: R): number => keys.reduce((found, key) => found || comparisons[key](a, b), 0);
  return ranks.toSorted((a, b) => byKeys(a, b) || a.minerId - b.minerId);
}

/** Least completed share, by fees, of a miner that can be picked. */
const leastShareBps = 8_000;

/** A miner this close to the best serves a client as well: the seconds may just be the time between two blocks. */
const near = { scoreWad: bpsToWad(200), shareBps: 200, latencyFactor: 2, latencySeconds: 12 };

/** What a client wants of a miner. */
interface MinerWish {
  readonly typeId: number;
  /** Ids of miners that the client does not want, such as those that just missed its deadline. */
  readonly except?: readonly number[] | undefined;
}

/**
 * The miner that a client should ask: among those about as good as the best, the one with the fewest open tasks, then
 * the one asked longest ago, so they take turns. If all of them are busy, an idle miner without a score that has never
 * missed a deadline is tried, with one task at a time. If no miner has a score of θ or more, it is the miner without a
 * score that missed the fewest deadlines, then has the fewest open tasks, then was asked longest ago. The same facts
 * give the same miner.
 * @returns Undefined if no active miner is worth asking.
 */
export function bestMiner(facts: RankingFacts, { typeId, except = [] }: MinerWish): MinerRank | undefined {
  const { miners, epoch, thresholdBps } = facts;
  const willing = rankMiners(facts, typeId).filter(
    ({ minerId, completedShareBps }) =>
      epoch !== null &&
      miners[minerId - 1]!.activeFromEpoch <= epoch &&
      !except.includes(minerId) &&
      (completedShareBps ?? leastShareBps) >= leastShareBps,
  );
  const sorted = sortMiners(willing, "score");
  const known = sorted.filter(({ scoreWad }) => scoreWad !== null && scoreWad >= bpsToWad(thresholdBps));
  const newestOf = newestTasks(facts.tasks);
  const byTurn = (a: MinerRank, b: MinerRank): number =>
    a.openTasks - b.openTasks || (newestOf.get(a.minerId) ?? 0) - (newestOf.get(b.minerId) ?? 0);
  const untried = sorted
    .filter(({ scoreWad }) => scoreWad === null)
    .toSorted((a, b) => a.missedTasks - b.missedTasks || byTurn(a, b))[0];
  const best = known[0];
  if (best === undefined) return untried;
  const chosen = known.filter((miner) => isNear(miner, best)).toSorted(byTurn)[0]!;
  const isFree = untried !== undefined && untried.missedTasks === 0 && untried.openTasks === 0;
  return isFree && chosen.openTasks > 0 ? untried : chosen;
}

/** The newest task of each miner that has any, of any type. */
function newestTasks(tasks: RankingFacts["tasks"]): ReadonlyMap<number, number> {
  const newest = new Map<number, number>();
  for (const { minerId, taskId } of tasks) newest.set(minerId, Math.max(taskId, newest.get(minerId) ?? 0));
  return newest;
}

/** Both have scores, so both have completed something. */
function isNear(miner: MinerRank, best: MinerRank): boolean {
  return (
    best.scoreWad! - miner.scoreWad! <= near.scoreWad &&
    best.completedShareBps! - miner.completedShareBps! <= near.shareBps &&
    miner.latencySeconds! <= near.latencyFactor * best.latencySeconds! + near.latencySeconds
  );
}
