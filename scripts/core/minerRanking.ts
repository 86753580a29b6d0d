import { type Address } from "viem";
import { BPS, min, mulDivDown, sum, WAD, bpsToWad, ascending, descending, lowerMedian } from "./fixedPoint";

/** A task that a client paid for: completed, missed, or still open. The client in lower case, the fee in wei. */
export interface RankedTask {
  /** Counted from 1 on, in the order of submission. */
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

/** What a ranking is made of. */
export interface RankingFacts {
  /** Every miner by id, its account in lower case. */
  readonly miners: readonly { readonly account: Address; readonly activeFromEpoch: number }[];
  readonly tasks: readonly RankedTask[];
  /** By epoch whose scores are final, what was agreed on each miner in the order of ids. */
  readonly scoresWad: ReadonlyMap<number, readonly bigint[]>;
  /** Types whose results are proven: what was completed of them counts as scored in full, whatever anyone says and at once. */
  readonly provenTypes: ReadonlySet<number>;
  /** θ: what a miner's score is where nobody speaks of it. */
  readonly thresholdBps: number;
  /** The running epoch; null before genesis. */
  readonly epoch: number | null;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** How a miner served its clients. What it did for its own account counts nowhere. */
export interface MinerRank {
  readonly minerId: number;
  /** The agreed scores of its epochs, weighted by fees, and 1 for what it proved; null if there is neither. */
  readonly scoreWad: bigint | null;
  /** Fees of completed tasks out of those that were completed or missed; null if there are neither. */
  readonly completedShareBps: number | null;
  /** The median from submission to completion; null if it completed nothing. */
  readonly latencySeconds: number | null;
  /** The median of the fees of completed tasks, in wei; null if it completed nothing. */
  readonly priceWei: bigint | null;
  readonly completedTasks: number;
  /** Those whose deadline passed, no matter who paid for them. */
  readonly missedTasks: number;
  /** What it has to do now, of any type. */
  readonly openTasks: number;
}

/** By what miners can be sorted. */
export const rankingOrders = ["score", "share", "latency", "price"] as const;

export type RankingOrder = (typeof rankingOrders)[number];

/**
 * Ranks miners by the tasks of one type, or of all.
 *
 * A missed deadline costs anyone who set it nothing, for the fee comes back. So what a client says against miners
 * weighs at most as much as what it paid for completed tasks: making another miner look bad costs what making one's own
 * look good costs.
 * @returns By id.
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

/** The better one first. What is not known comes last, except by price: who has no price yet can be had for the minimum fee. */
const comparisons: Readonly<Record<RankingOrder, (a: MinerRank, b: MinerRank) => number>> = {
  score: (a, b) => descending(a.scoreWad ?? -1n, b.scoreWad ?? -1n),
  share: (a, b) => descending(a.completedShareBps ?? -1, b.completedShareBps ?? -1),
  latency: (a, b) => ascending(a.latencySeconds ?? Infinity, b.latencySeconds ?? Infinity),
  price: (a, b) => ascending(a.priceWei ?? -1n, b.priceWei ?? -1n),
};

/** The best first: by `order`, then by score, completed share, latency and price, and at last by id. */
export function sortMiners<R extends MinerRank>(ranks: readonly R[], order: RankingOrder): readonly R[] {
  const keys = [order, ...rankingOrders];
  const byKeys = (a: R, b: R): number => keys.reduce((found, key) => found || comparisons[key](a, b), 0);
  return ranks.toSorted((a, b) => byKeys(a, b) || a.minerId - b.minerId);
}

/** Anyone who completes less, by fees, is not picked. */
const leastShareBps = 8_000;

/** Who is so close to the best serves a client as well: a difference in seconds may be that of two blocks. */
const near = { scoreWad: bpsToWad(200), shareBps: 200, latencyFactor: 2, latencySeconds: 12 };

/** What a client wants of a miner. */
interface MinerWish {
  readonly typeId: number;
  /** Ids of miners that the client does not want, as those that just missed its deadline. */
  readonly except?: readonly number[] | undefined;
}

/**
 * The miner that a client should ask: among those that are as good as the best, the one with the least to do, and of several the
 * one that was asked longest ago: so they take turns. Where all of them are busy, and one that has no score yet has never
 * missed a deadline and has nothing to do, it is tried: with one task at a time. Where nobody has a score, who missed the
 * fewest deadlines, has the least to do, and was asked longest ago. The same facts give the same miner.
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

/** Both completed something, for they have scores. */
function isNear(miner: MinerRank, best: MinerRank): boolean {
  return (
    best.scoreWad! - miner.scoreWad! <= near.scoreWad &&
    best.completedShareBps! - miner.completedShareBps! <= near.shareBps &&
    miner.latencySeconds! <= near.latencyFactor * best.latencySeconds! + near.latencySeconds
  );
}
