import { type Address, getAddress } from "viem";
import { type Connection } from "../chain/connection";
import { type MinerRank, rankMiners, type RankingFacts, type RankingOrder, sortMiners } from "../core/minerRanking";
import { readRanking } from "./minerRanking";

/** A miner as `miner list` shows it. */
export interface MinerSummary extends MinerRank {
  readonly account: Address;
  /** First epoch in which it may complete tasks. */
  readonly activeFromEpoch: number;
  /** Completed tasks that count for the running epoch so far, and for the one before; 0 where there is none. */
  readonly completedThisEpoch: number;
  readonly completedLastEpoch: number;
}

/** How miners are listed: the best first instead of by id, and by the tasks of one type alone. */
export interface MinerListing {
  readonly sort?: RankingOrder | undefined;
  readonly typeId?: number | undefined;
}

/** Every miner, with its latest work and its rank. @throws MissingEventsError as readRanking. */
export async function listMinersAtWork(
  connection: Connection,
  listing: MinerListing = {},
): Promise<readonly MinerSummary[]> {
  return listRanked(await readRanking(connection), listing);
}

/** The same out of what was read already. */
export function listRanked(facts: RankingFacts, { sort, typeId }: MinerListing): readonly MinerSummary[] {
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
