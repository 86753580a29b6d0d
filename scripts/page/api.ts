import { type z } from "zod";
import type * as epochs from "../api/schemas/epochs";
import type * as network from "../api/schemas/network";
import type * as people from "../api/schemas/people";
import { type Addresses } from "../chain/abis";
import { type RankingOrder } from "../core/minerRanking";

/** The page's server did not answer as it should; the message is for people. */
export class ApiError extends Error {
  override readonly name = "ApiError";
}

/**
 * Asks the server that the page came from.
 * @param path Absolute, as "/v1/deployment".
 * @throws ApiError if it does not answer, or answers with an error: then with the server's own sentence.
 */
export async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(path, { headers: { accept: "application/json" } }).catch(() => {
    throw new ApiError(
      'The page\'s server does not answer: start it again with "npx mdt dashboard", or wait for its operator.',
    );
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new ApiError(errorOf(body) ?? `The page's server answered with status ${response.status}.`);
  return body as T;
}

/** The API's errors are `{ error: "one sentence" }`. */
function errorOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("error" in body)) return undefined;
  return typeof body.error === "string" ? body.error : undefined;
}

/** The API's answers, typed by the schemas that it uses; amounts are decimal strings of wei. */
type DeploymentAnswer = z.infer<typeof network.deploymentAnswer>;
export type StatusAnswer = z.infer<typeof network.statusAnswer>;
export type QuorumAnswer = z.infer<typeof epochs.quorumAnswer>;
export type SupplyAnswer = z.infer<typeof network.supplyAnswer>;
export type PolicyAnswer = z.infer<typeof network.policyAnswer>;
export type EpochsAnswer = z.infer<typeof epochs.epochsAnswer>;
export type EpochAnswer = z.infer<typeof epochs.epochAnswer>;
export type ReportAnswer = z.infer<typeof epochs.reportAnswer>;
export type ValidatorsAnswer = z.infer<typeof people.validatorsAnswer>;
type NamesAnswer = z.infer<typeof people.namesAnswer>;
export type MinersAnswer = z.infer<typeof people.minersAnswer>;
export type TaskAnswer = z.infer<typeof network.taskAnswer>;
export type TasksAnswer = z.infer<typeof network.tasksAnswer>;
export type AccountAnswer = z.infer<typeof people.accountAnswer>;
export type HistoryAnswer = z.infer<typeof people.historyAnswer>;

/** Settings that the server wrote into the page, on its `<html>` element: see `pageHtml` in scripts/page/serve. */
export interface PageSettings {
  /** Endpoint that browsers may use to read the chain; null leaves the reading to each visitor's wallet. */
  readonly rpcUrl: string | null;
  /** A block explorer's address without a slash at its end; null if the chain has none. */
  readonly explorerUrl: string | null;
}

/** The emission's schedule, in wei. */
export interface Schedule {
  readonly baseRewardWei: bigint;
  readonly halvingIntervalEpochs: number;
}

/** What never changes about the page's network: `/v1/deployment`, with addresses and amounts in viem's types. */
export interface DeploymentFacts extends Omit<DeploymentAnswer, "contracts" | "emission" | "staking"> {
  readonly contracts: Addresses;
  readonly schedule: Schedule;
  readonly minimumStakeWei: bigint;
}

/** @throws ApiError if nothing is deployed, or the server does not answer. */
export async function getDeployment(): Promise<DeploymentFacts> {
  const { contracts, emission, staking, ...facts } = await getJson<DeploymentAnswer>("/v1/deployment");
  return {
    ...facts,
    contracts: contracts as Addresses,
    schedule: {
      baseRewardWei: BigInt(emission.baseRewardWei),
      halvingIntervalEpochs: emission.halvingIntervalEpochs,
    },
    minimumStakeWei: BigInt(staking.minimumStakeWei),
  };
}

/** Maximum items of a list in one answer of the API. */
export const mostAtOnce = 100;

/** The paths that together ask for the items `first` … `end` − 1 of a list, each once, or as many as there are. */
export function pagePaths(list: string, first: number, end: number): readonly string[] {
  return Array.from({ length: Math.ceil((end - first) / mostAtOnce) }, (_, page) => {
    const from = first + page * mostAtOnce;
    return `${list}${list.includes("?") ? "&" : "?"}from=${from}&limit=${Math.min(mostAtOnce, end - from)}`;
  });
}

/** The answers to `pagePaths`, in order. @throws ApiError if one is missing. */
function getPages<T>(list: string, first: number, end: number): Promise<readonly T[]> {
  return Promise.all(pagePaths(list, first, end).map((path) => getJson<T>(path)));
}

/** The newest `count` of `settledEpochs` settled epochs, or as many as there are, in ascending order. */
export async function getNewestEpochs(settledEpochs: number, count: number): Promise<EpochsAnswer["epochs"]> {
  const pages = await getPages<EpochsAnswer>("/v1/epochs", Math.max(0, settledEpochs - count), settledEpochs);
  return pages.flatMap(({ epochs }) => epochs);
}

/**
 * The first `count` miners, or as many as there are, and the last page's other fields.
 * @param sort Undefined: by id.
 */
export async function getFirstMiners(count: number, sort: RankingOrder | undefined): Promise<MinersAnswer> {
  const pages = await getPages<MinersAnswer>(sort === undefined ? "/v1/miners" : `/v1/miners?sort=${sort}`, 0, count);
  return { ...pages.at(-1)!, miners: pages.flatMap(({ miners }) => miners) };
}

/** The self-declared names of accounts, by address in lower case. @param accounts Addresses in lower case. */
export async function getNames(accounts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const pages = Array.from({ length: Math.ceil(accounts.length / mostAtOnce) }, (_, page) =>
    accounts.slice(page * mostAtOnce, (page + 1) * mostAtOnce).join(","),
  );
  const answers = await Promise.all(pages.map((page) => getJson<NamesAnswer>(`/v1/names?accounts=${page}`)));
  return new Map(answers.flatMap(({ names }) => names.map(({ account, name }) => [account.toLowerCase(), name])));
}
