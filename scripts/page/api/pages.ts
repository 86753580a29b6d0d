import { getJson } from "./getJson";

/** Most items of a list that the API gives at once. */
export const mostAtOnce = 100;

/** The questions that together have the items `first` … `end` − 1 of a list, each once, or as many as there are. */
export function pagePaths(list: string, first: number, end: number): readonly string[] {
  return Array.from({ length: Math.ceil((end - first) / mostAtOnce) }, (_, page) => {
    const from = first + page * mostAtOnce;
    return `${list}?from=${from}&limit=${Math.min(mostAtOnce, end - from)}`;
  });
}

/** The answers to them, in order. @throws ApiError where one is missing. */
export function getPages<T>(list: string, first: number, end: number): Promise<readonly T[]> {
  return Promise.all(pagePaths(list, first, end).map((path) => getJson<T>(path)));
}
