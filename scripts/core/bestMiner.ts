import { bpsToWad } from "./fixedPoint";
import { type MinerRank, type RankingFacts, rankMiners, sortMiners } from "./minerRanking";

/** Anyone who completes less, by fees, is not picked. */
const leastShareBps = 8_000;

/** Who is so close to the best serves a client as well: a difference in seconds may be that of two blocks. */
const near = { scoreWad: bpsToWad(200), shareBps: 200, latencyFactor: 2, latencySeconds: 12 };

/** What a client wants of a miner. */
export interface MinerWish {
  readonly typeId: number;
  /** Ids of miners that the client does not want, as those that just missed its deadline. */
  readonly except?: readonly number[] | undefined;
}

/**
 * The miner that a client should ask: among those that are as good as the best, the one with the least to do, and of several the
 * one that was asked longest ago: so they take turns. Where all of them are busy, and one that has no score yet has never
 * missed a deadline and has nothing to do, it is tried: with one task at a time. Where nobody has a score, who missed the
 * fewest deadlines, has the least to do, and was asked longest ago. The same facts give the same miner.
 * @returns Undefined where no active miner is worth asking.
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
