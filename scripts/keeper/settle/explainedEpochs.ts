import { type Connection } from "../../chain/connection";
import { carriedInto } from "./carriedInto";
import { type ComputedFrom, computeEpoch } from "../../core/computeEpoch";
import { type EpochArchive } from "../archive/epochArchive";
import { type EpochFigures, figuresOf } from "../facts/figures";
import { readSettledEpochs } from "../facts/settledEpochs";

/** A settled epoch, with what it was computed from; null where this machine has no report of it. */
export interface ExplainedEpoch {
  readonly figures: EpochFigures;
  readonly computed: ComputedFrom | null;
}

/**
 * Every settled epoch with its inputs. Epochs after the last archived one are computed from the chain and archived; inputs
 * from a file count only if they have the hash that was settled.
 * @param onComputed Called for each epoch that had to be computed.
 * @throws SettlementDiffersError where an epoch was settled otherwise than its facts say.
 */
export async function explainEpochs(
  connection: Connection,
  archive: EpochArchive,
  onComputed?: (epoch: number) => void,
): Promise<readonly ExplainedEpoch[]> {
  const settled = await readSettledEpochs(connection);
  await carriedInto(connection, archive, settled.length, settled, onComputed);
  const figures = figuresOf(settled);
  return Promise.all(
    settled.map(async ({ settlement }, epoch) => {
      const inputs = await archive.inputs(epoch, settlement.inputsHash);
      return {
        figures: figures[epoch]!,
        computed: inputs === undefined ? null : { inputs, result: computeEpoch(inputs) },
      };
    }),
  );
}
