import { type MinersAnswer } from "./answers";
import { getPages } from "./pages";

/** The first `count` miners by id, or as many as there are, with what the last page says of all. */
export async function getFirstMiners(count: number): Promise<MinersAnswer> {
  const pages = await getPages<MinersAnswer>("/v1/miners", 0, count);
  return { ...pages.at(-1)!, miners: pages.flatMap(({ miners }) => miners) };
}
