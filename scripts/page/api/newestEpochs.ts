import { type EpochsAnswer } from "./answers";
import { getPages } from "./pages";

/** The newest `count` of `settledEpochs` settled epochs, or as many as there are, in ascending order. */
export async function getNewestEpochs(settledEpochs: number, count: number): Promise<EpochsAnswer["epochs"]> {
  const pages = await getPages<EpochsAnswer>("/v1/epochs", Math.max(0, settledEpochs - count), settledEpochs);
  return pages.flatMap(({ epochs }) => epochs);
}
