import { type z } from "@hono/zod-openapi";
import { type Address, getAddress, type Hex } from "viem";
import { computeEpoch } from "../core/computeEpoch";
import { readEpochInput } from "../core/epochInput/readEpochInput";
import { wadDown } from "../core/fixedPoint";
import { epochStory } from "../show/epochStory";
import { archivedReport } from "./schemas/epochs";
import { type Earnings, earningsOf } from "../core/distribution/earnings";
import { type EpochArchive } from "../keeper/archive/epochArchive";

/** A report, ready to be shown a page at a time. */
export type ExplainedReport = ReturnType<typeof explain>;

/**
 * Explains reports. The last one is remembered, since whoever reads it page by page asks for it again, and a large one takes
 * seconds to compute, in which the process does nothing else.
 */
export class ExplainedReports {
  #last: { readonly epoch: number; readonly root: Hex; readonly explained: ExplainedReport } | undefined;

  /**
   * @param root The root that the epoch was settled with.
   * @param read Reads the report, where it is not the last one.
   */
  of(epoch: number, root: Hex, read: () => z.infer<typeof archivedReport>): ExplainedReport {
    if (this.#last?.epoch !== epoch || this.#last.root !== root) {
      this.#last = { epoch, root, explained: explain(read()) };
    }
    return this.#last.explained;
  }
}

function explain(report: z.infer<typeof archivedReport>) {
  const inputs = readEpochInput(report.inputs);
  const result = computeEpoch(inputs);
  const { taskScore, difficulty, participation } = result.utility;
  const factors = { taskScoreWad: wadDown(taskScore), difficultyWad: wadDown(difficulty) };
  return {
    ranked: rankReport(report),
    utilityFactors: { ...factors, participationWad: wadDown(participation) },
    story: epochStory({ inputs, result }, (account) => getAddress(account)),
  };
}

type Report = z.infer<typeof archivedReport>;

/** A part of a list: from its place `from` on, in order. */
export interface PartQuery {
  readonly from: number;
  readonly limit: number;
}

/** An epoch's report without its lists, and all who were paid, those who got most first. */
type RankedReport = ReturnType<typeof rankReport>;

/** Puts who was paid in the order in which pages show them. */
function rankReport({ epoch, inputs, result, miners }: Report) {
  const { minerRewards, validatorRewards } = result;
  const rewardOf = new Map(minerRewards.map(({ account, amountWei }) => [account, amountWei]));
  const worked = miners.map((miner) => ({ ...miner, amountWei: rewardOf.get(miner.account) ?? "0" }));
  return {
    figures: {
      epoch,
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

type EarningsByAccount = ReadonlyMap<Address, Earnings>;

/** So many accounts' earnings, of all epochs together, are kept in memory: about 50 MB. */
const mostAccounts = 100_000;

/** Explains earnings from archived reports: each is read once, and kept as long as others don't need the room more. */
export class EarningsIndex {
  /** By epoch and root, the least recently used first. */
  readonly #kept = new Map<string, EarningsByAccount>();
  #accounts = 0;

  constructor(private readonly archive: EpochArchive) {}

  /** What everybody earned in a settled epoch; undefined where the archive lacks its report. */
  of(epoch: number, root: Hex): EarningsByAccount | undefined {
    const key = `${epoch} ${root}`;
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known;
    }
    if (!this.archive.holds(epoch, root)) return undefined;
    const report = archivedReport.safeParse(this.archive.report(epoch));
    if (!report.success) return undefined;
    const earnings = earningsOf(readEpochInput(report.data.inputs, "inputs"));
    this.#keep(key, earnings);
    return earnings;
  }

  #keep(key: string, earnings: EarningsByAccount): void {
    this.#kept.set(key, earnings);
    this.#accounts += earnings.size;
    for (const [oldest, { size }] of this.#kept) {
      if (this.#accounts <= mostAccounts || oldest === key) return;
      this.#kept.delete(oldest);
      this.#accounts -= size;
    }
  }
}
