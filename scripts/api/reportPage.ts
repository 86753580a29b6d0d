import { type z } from "@hono/zod-openapi";
import { type archivedReport } from "./schemas/report";

type Report = z.infer<typeof archivedReport>;

/** A part of a list: from its place `from` on, in order. */
export interface PartQuery {
  readonly from: number;
  readonly limit: number;
}

/** An epoch's report without its lists, and all who were paid, those who got most first. */
export type RankedReport = ReturnType<typeof rankReport>;

/** Puts who was paid in the order in which pages show them. */
export function rankReport({ epoch, inputBlock, inputs, result, miners }: Report) {
  const { minerRewards, validatorRewards } = result;
  const rewardOf = new Map(minerRewards.map(({ account, amountWei }) => [account, amountWei]));
  const worked = miners.map((miner) => ({ ...miner, amountWei: rewardOf.get(miner.account) ?? "0" }));
  return {
    figures: {
      epoch,
      inputBlock,
      inputs: without(inputs, "miners", "stakers"),
      result: without(result, "minerRewards", "validatorRewards"),
    },
    miners: worked.sort(byReward),
    stakers: validatorRewards.toSorted(byReward),
  };
}

/** An epoch's report, and of those who were paid a page. */
export function reportPage({ figures, miners, stakers }: RankedReport, { from, limit }: PartQuery) {
  const end = from + limit;
  return {
    ...figures,
    miners: miners.slice(from, end),
    stakers: stakers.slice(from, end),
    counts: { miners: miners.length, stakers: stakers.length },
    next: end < Math.max(miners.length, stakers.length) ? end : null,
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
