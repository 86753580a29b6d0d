import { type Address } from "viem";
import { type Reward } from "./rewardTree/rewardList";
import { type Shares } from "./standingRewards";

/** What every account has earned over all epochs so far, in wei, by account in lower case. */
export type CumulativeRewards = ReadonlyMap<Address, bigint>;

/** Adds an epoch's rewards; a miner that also validates gets both. The argument stays as it was. */
export function addRewards(before: CumulativeRewards, { miners, validators }: Shares): CumulativeRewards {
  const after = new Map(before);
  for (const { account, amountWei } of [...miners.rewards, ...validators.rewards]) {
    after.set(account, (after.get(account) ?? 0n) + amountWei);
  }
  return after;
}

/** The rewards as a tree takes them. */
export function* rewardsOf(cumulative: CumulativeRewards): Generator<Reward> {
  for (const [account, cumulativeWei] of cumulative) yield { account, cumulativeWei };
}
