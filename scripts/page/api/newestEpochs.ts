import { type EpochsAnswer } from "./answers";
import { getJson } from "./getJson";

/** Most epochs that the API gives at once. */
const pageSize = 100;

/** The newest `count` of `settledEpochs` settled epochs, or as many as there are, in ascending order. */
export async function getNewestEpochs(settledEpochs: number, count: number): Promise<EpochsAnswer["epochs"]> {
  const first = Math.max(0, settledEpochs - count);
  const pages = await Promise.all(
    Array.from({ length: Math.ceil((settledEpochs - first) / pageSize) }, (_, page) =>
      getJson<EpochsAnswer>(`/v1/epochs?from=${first + page * pageSize}&limit=${pageSize}`),
    ),
  );
  return pages.flatMap(({ epochs }) => epochs);
}
