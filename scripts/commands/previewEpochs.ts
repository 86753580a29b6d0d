import { noProgress } from "../core/progress";
import { accountsIn } from "../keeper/compute/computeSettlement";
import { type JsonObject } from "../core/canonicalJson";
import { computeEpoch } from "../core/computeEpoch";
import { readEpochInputs } from "../core/epochInput/readEpochInput";
import { writeEpochResult } from "../core/epochInput/writeEpoch";
import { describeEpoch } from "../show/describeEpoch";
import { readJsonFile } from "../keeper/archive/readJsonFile";

/** Epochs computed from a file, for programs and for people; each form is made when it is asked for. */
export interface Preview {
  /** One result where the file holds one epoch, a list where it holds a list. */
  readonly json: JsonObject | readonly JsonObject[];
  readonly text: string;
}

/**
 * Computes the epoch, or the array of epochs, in a file.
 *
 * @throws UnreadableFileError, RefusedInputError
 */
export function previewEpochs(path: string, onProgress = noProgress): Preview {
  const inputs = readEpochInputs(readJsonFile(path));
  const epochs = [inputs].flat().map((epoch) => {
    onProgress(`accounts in the inputs of epoch ${epoch.epoch}`, 0, accountsIn(epoch));
    return { inputs: epoch, result: computeEpoch(epoch) };
  });
  return {
    get json() {
      const written = epochs.map(({ result }) => writeEpochResult(result));
      return Array.isArray(inputs) ? written : written[0]!;
    },
    get text() {
      return epochs.map((epoch) => describeEpoch(epoch.inputs, epoch.result)).join("\n\n");
    },
  };
}
