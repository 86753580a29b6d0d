import { type Connection, withEventsAsOfNow } from "../../chain/connection";
import { type OnProgress } from "../../core/progress";
import { type EpochArchive } from "../archive/epochArchive";
import { type Carried, type ComputedEpoch, computeSettlement } from "../compute/computeSettlement";
import { requireOver } from "../facts/collectFacts";
import { readSettledEpochs } from "../facts/settledEpochs";
import { carriedInto } from "./carriedInto";

/** An epoch computed. */
export interface PreparedSettlement {
  readonly epoch: number;
  /** What the epoch started with. */
  readonly before: Carried;
  readonly computed: ComputedEpoch;
}

/** How to prepare a settlement. */
export interface PrepareOptions {
  /** Called for each earlier epoch that had to be computed again, for showing progress. */
  readonly onComputed?: ((epoch: number) => void) | undefined;
  /** Told how far the computation of this epoch is. */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Computes `epoch` from its facts and from what the epochs before it left, all as `chain` has it: keepers and validators hand over
 * the chain as of their confirmed block. What could pay for the epoch may be another amount by the time it is settled, which
 * changes nothing: the allowance covers the schedule.
 * @throws EpochNotOverError, EarlierEpochOpenError, SettlementDiffersError
 */
export async function prepareSettlement(
  chain: Connection,
  archive: EpochArchive,
  epoch: number,
  { onComputed, onProgress }: PrepareOptions = {},
): Promise<PreparedSettlement> {
  const facts = await withEventsAsOfNow(chain);
  await requireOver(facts, epoch);
  const before = await carriedInto(facts, archive, epoch, await readSettledEpochs(facts), onComputed);
  const computed = await computeSettlement(facts, epoch, before, undefined, onProgress);
  return { epoch, before, computed };
}
