import { getJson } from "../api/getJson";
import { useApp } from "../context";
import { type Reading, useReading } from "./useReading";

/**
 * What the API answers at `path`, asked again as time goes on.
 * @param path Null while it is not known what to ask.
 * @param version Asked again only when this changes; by default every few seconds and at every new block.
 */
export function useApi<T>(path: string | null, version?: string | number): Reading<T> {
  const { version: newest } = useApp();
  return useReading(path ?? "nothing", version ?? newest, path === null ? null : () => getJson<T>(path));
}
