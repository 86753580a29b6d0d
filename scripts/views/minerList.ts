import { type Address, getAddress } from "viem";
import { type Connection } from "../chain/connection";
import { type MinerRank, rankMiners, type RankingFacts, type RankingOrder, sortMiners } from "../core/minerRanking";
import { type Profile } from "../core/profile";
import { readRanking } from "./minerRanking";
import { readProfile } from "./profiles";

/** A miner at work. */
export interface RankedMiner extends MinerRank {
  readonly account: Address;
  /** First epoch in which it may complete tasks. */
  readonly activeFromEpoch: number;
  /** Completed tasks that count for the running epoch so far, and for the one before; 0 where there is none. */
  readonly completedThisEpoch: number;
  readonly completedLastEpoch: number;
}

/** A miner as `miner list` shows it. */
export interface MinerSummary extends RankedMiner {
  /** Who it says it is; null where it says nothing. */
  readonly profile: Profile | null;
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
  const miners = listRanked(await readRanking(connection), listing);
  return withProfiles(miners, (account) => readProfile(connection, account));
}

/** The same miners, with who they say they are. */
export function withProfiles(
  miners: readonly RankedMiner[],
  profileOf: (account: Address) => Promise<Profile | null>,
): Promise<readonly MinerSummary[]> {
  return Promise.all(miners.map(async (one) => ({ ...one, profile: await profileOf(one.account) })));
}

/** The miners out of what was read of them. */
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
