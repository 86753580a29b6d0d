import { type EpochsAnswer } from "./answers";
import { getJson } from "./getJson";

/** Most epochs that the API gives at once. */
const pageSize = 100;

/** The newest `count` settled epochs, or as many as there are, in ascending order. */
export async function getNewestEpochs(count: number): Promise<EpochsAnswer["epochs"]> {
  const newest = await getJson<EpochsAnswer>(`/v1/epochs?limit=${Math.min(count, pageSize)}`);
  const first = Math.max(0, newest.settledEpochs - count);
  const pages = Math.ceil((newest.settledEpochs - newest.epochs.length - first) / pageSize);
  const earlier = await Promise.all(
    Array.from({ length: pages }, (_, page) =>
      getJson<EpochsAnswer>(`/v1/epochs?from=${first + page * pageSize}&limit=${pageSize}`),
    ),
  );
  const known = new Map(
    [newest, ...earlier].flatMap(({ epochs }) => epochs).map((figures) => [figures.epoch, figures]),
  );
  return [...known.values()].sort((a, b) => a.epoch - b.epoch);
}
