import { type RankingOrder } from "../../core/minerRanking";
import { getJson } from "./getJson";
import { type EpochsAnswer, type MinersAnswer } from "./answers";

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
