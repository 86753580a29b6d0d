/** The thread that reads reports: explaining a large one takes seconds, and nobody else should wait for that. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { toWire } from "./answers";
import { type z } from "@hono/zod-openapi";
import { type Address, getAddress, type Hex } from "viem";
import { computeEpoch } from "../core/computeEpoch";
import { readEpochInput } from "../core/epochInput/readEpochInput";
import { wadDown, descending } from "../core/fixedPoint";
import { epochStory } from "../show/epochStory";
import { archivedReport } from "./schemas/epochs";
import { type Earnings, earningsAsPromised, earningsOf } from "../core/distribution/earnings";
import { readJsonFile } from "../keeper/archive/jsonFile";

/** What can be asked of a report in a file. */
export type ReportQuestion =
  /** A page of it. @see root The root that its epoch was settled with. */
  | { readonly kind: "page"; readonly file: string; readonly root: Hex; readonly part: PartQuery }
  /** Checks that it is whole. The answer is a tag of the file's text. */
  | { readonly kind: "whole"; readonly file: string }
  /** What everyone earned: each account in lower case, with its earnings as the API writes them. */
  | { readonly kind: "earnings"; readonly file: string };

/** The answers, by the kind of question. */
export interface ReportAnswers {
  readonly page: ReturnType<typeof reportPage>;
  readonly whole: string;
  readonly earnings: readonly (readonly [account: string, json: string])[];
}

type Report = z.infer<typeof archivedReport>;

/** A report, ready to be shown a page at a time. */
type ExplainedReport = ReturnType<typeof explain>;

/** The report in a file. @throws UnreadableFileError, ZodError if it holds none. */
export function readReport(file: string): Report {
  return archivedReport.parse(readJsonFile(file));
}

/** Explains reports, and keeps the most recently used: anyone who reads one page by page asks for it again. */
export class ExplainedReports {
  /** By file and root, the least recently used first. */
  readonly #kept = new Map<string, ExplainedReport>();
  #accounts = 0;

  /** @param mostAccounts Most accounts in all kept reports together: by default about 100 MB. */
  constructor(private readonly mostAccounts = 100_000) {}

  /** @param root The root that the epoch was settled with. */
  of(file: string, root: Hex): ExplainedReport {
    const key = `${file} ${root}`;
    const explained = this.#kept.get(key) ?? explain(readReport(file));
    if (!this.#kept.delete(key)) this.#accounts += accountsOf(explained);
    this.#kept.set(key, explained);
    for (const [oldest, other] of this.#kept) {
      if (this.#accounts <= this.mostAccounts || oldest === key) break;
      this.#kept.delete(oldest);
      this.#accounts -= accountsOf(other);
    }
    return explained;
  }
}

function accountsOf({ ranked }: ExplainedReport): number {
  return ranked.miners.length + ranked.stakers.length;
}

function explain(report: Report) {
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

/** A part of a list: from its place `from` on, in order. */
export interface PartQuery {
  readonly from: number;
  readonly limit: number;
}

/**
 * An epoch's report without its lists, and its lists: miners and stakers by reward, validators by stake, largest first.
 */
function rankReport({ epoch, inputs, result, miners, validators }: Report) {
  const { minerRewards, validatorRewards } = result;
  const rewarded = <T extends Pick<RewardOf, "account">>(people: readonly T[], rewards: readonly RewardOf[]) => {
    const rewardOf = new Map(rewards.map(({ account, amountWei }) => [account, amountWei]));
    return people.map((one) => ({ ...one, amountWei: rewardOf.get(one.account) ?? "0" }));
  };
  return {
    figures: {
      epoch,
      inputs: without(inputs, "miners", "stakers"),
      result: without(result, "minerRewards", "validatorRewards"),
    },
    miners: rewarded(miners, minerRewards).sort(byReward),
    validators: rewarded(validators, validatorRewards).sort(byStake),
    stakers: validatorRewards.toSorted(byReward),
  };
}

/** An epoch's report in words and figures, with a page of those who were paid. */
export function reportPage({ ranked, utilityFactors, story }: ExplainedReport, { from, limit }: PartQuery) {
  const { figures, miners, validators, stakers } = ranked;
  const end = from + limit;
  return {
    ...figures,
    utilityFactors,
    story,
    miners: miners.slice(from, end),
    validators,
    stakers: stakers.slice(from, end),
    counts: { miners: miners.length, stakers: stakers.length },
    next: end < Math.max(miners.length, stakers.length) ? end : null,
  };
}

function without<T extends object, K extends keyof T & string>(value: T, ...names: readonly K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name as K))) as Omit<T, K>;
}

/** Largest first; equals stay in the report's order. */
function byReward(a: RewardOf, b: RewardOf): number {
  return descending(BigInt(a.amountWei), BigInt(b.amountWei));
}

function byStake(a: Report["validators"][number], b: Report["validators"][number]): number {
  return descending(BigInt(a.totalWei), BigInt(b.totalWei));
}

interface RewardOf {
  readonly account: string;
  readonly amountWei: string;
}

/** What everyone earned in the epoch of a report, by account in lower case. */
export function earningsIn(file: string): ReadonlyMap<Address, Earnings> {
  const { inputs, result } = readReport(file);
  return earningsAsPromised(earningsOf(readEpochInput(inputs, "inputs")), {
    miners: amountsOf(result.minerRewards),
    stakers: amountsOf(result.validatorRewards),
  });
}

function amountsOf(rewards: readonly RewardOf[]): ReadonlyMap<Address, bigint> {
  return new Map(rewards.map(({ account, amountWei }) => [account as Address, BigInt(amountWei)]));
}

const explained = new ExplainedReports();

parentPort?.on("message", ({ id, question }: { readonly id: number; readonly question: ReportQuestion }) => {
  try {
    parentPort?.postMessage({ id, answer: answerTo(question) });
  } catch (error) {
    parentPort?.postMessage({ id, problem: (error as Error).message });
  }
});

function answerTo(question: ReportQuestion): ReportAnswers[ReportQuestion["kind"]] {
  const { file } = question;
  switch (question.kind) {
    case "page":
      return reportPage(explained.of(file, question.root), question.part);
    case "whole":
      readReport(file);
      return createHash("sha256").update(readFileSync(file)).digest("base64url");
    case "earnings":
      return Array.from(earningsIn(file), ([account, earnings]) => [account, JSON.stringify(toWire(earnings))]);
  }
}
