import { type RankingOrder } from "../../core/minerRanking";
import { getJson } from "./getJson";
import { type EpochsAnswer, type MinersAnswer, type NamesAnswer } from "./answers";

/** Most items of a list that the API gives at once. */
export const mostAtOnce = 100;

/** The questions that together have the items `first` … `end` − 1 of a list, each once, or as many as there are. */
export function pagePaths(list: string, first: number, end: number): readonly string[] {
  return Array.from({ length: Math.ceil((end - first) / mostAtOnce) }, (_, page) => {
    const from = first + page * mostAtOnce;
    return `${list}${list.includes("?") ? "&" : "?"}from=${from}&limit=${Math.min(mostAtOnce, end - from)}`;
  });
}

/** The answers to them, in order. @throws ApiError where one is missing. */
function getPages<T>(list: string, first: number, end: number): Promise<readonly T[]> {
  return Promise.all(pagePaths(list, first, end).map((path) => getJson<T>(path)));
}

/** The newest `count` of `settledEpochs` settled epochs, or as many as there are, in ascending order. */
export async function getNewestEpochs(settledEpochs: number, count: number): Promise<EpochsAnswer["epochs"]> {
  const pages = await getPages<EpochsAnswer>("/v1/epochs", Math.max(0, settledEpochs - count), settledEpochs);
  return pages.flatMap(({ epochs }) => epochs);
}

/** The first `count` miners, or as many as there are, with what the last page says of all. @param sort Undefined: by id. */
export async function getFirstMiners(count: number, sort: RankingOrder | undefined): Promise<MinersAnswer> {
  const pages = await getPages<MinersAnswer>(sort === undefined ? "/v1/miners" : `/v1/miners?sort=${sort}`, 0, count);
  return { ...pages.at(-1)!, miners: pages.flatMap(({ miners }) => miners) };
}

/** What accounts call themselves, by address in lower case. @param accounts Addresses in lower case. */
export async function getNames(accounts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const pages = Array.from({ length: Math.ceil(accounts.length / mostAtOnce) }, (_, page) =>
    accounts.slice(page * mostAtOnce, (page + 1) * mostAtOnce).join(","),
  );
  const answers = await Promise.all(pages.map((page) => getJson<NamesAnswer>(`/v1/names?accounts=${page}`)));
  return new Map(answers.flatMap(({ names }) => names.map(({ account, name }) => [account.toLowerCase(), name])));
}
