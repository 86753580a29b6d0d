import { type z } from "@hono/zod-openapi";
import { type archivedReport } from "./schemas/report";

type Report = z.infer<typeof archivedReport>;

/** A part of a list: from its place `from` on, in order. */
export interface PartQuery {
  readonly from: number;
  readonly limit: number;
}

/** An epoch's report without its lists, and of those who were paid a page, those who got most first. */
export function reportPage({ epoch, inputBlock, inputs, result, miners }: Report, { from, limit }: PartQuery) {
  const { minerRewards, validatorRewards } = result;
  const rewardOf = new Map(minerRewards.map(({ account, amountWei }) => [account, amountWei]));
  const worked = miners.map((miner) => ({ ...miner, amountWei: rewardOf.get(miner.account) ?? "0" }));
  const end = from + limit;
  return {
    epoch,
    inputBlock,
    inputs: without(inputs, "miners", "stakers"),
    result: without(result, "minerRewards", "validatorRewards"),
    miners: worked.sort(byReward).slice(from, end),
    stakers: validatorRewards.toSorted(byReward).slice(from, end),
    counts: { miners: worked.length, stakers: validatorRewards.length },
    next: end < Math.max(worked.length, validatorRewards.length) ? end : null,
  };
}

function without<T extends object, K extends keyof T & string>(value: T, ...names: readonly K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name as K))) as Omit<T, K>;
}

/** Most first; among equals by address, so that pages never overlap. */
function byReward(a: RewardOf, b: RewardOf): number {
  const [first, second] = [BigInt(a.amountWei), BigInt(b.amountWei)];
  if (first === second) return a.account < b.account ? -1 : 1;
  return first > second ? -1 : 1;
}

interface RewardOf {
  readonly account: string;
  readonly amountWei: string;
}
