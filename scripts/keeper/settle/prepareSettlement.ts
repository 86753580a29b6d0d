import { type Connection, withEventsAsOfNow } from "../../chain/connection";
import { type OnProgress } from "../../core/progress";
import { type EpochArchive } from "../archive/epochArchive";
import { type Carried, type ComputedEpoch, computeSettlement } from "../compute/computeSettlement";
import { readFunds, requireOver } from "../facts/collectFacts";
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
  /** Where the epoch's facts are read, if not where everything else is: the chain as of a confirmed block. */
  readonly facts?: Connection | undefined;
  /** Called for each earlier epoch that had to be computed again, for showing progress. */
  readonly onComputed?: ((epoch: number) => void) | undefined;
  /** Told how far the computation of this epoch is. */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Computes `epoch` from its facts and from what the epochs before it left; what can pay for it is read at the head.
 * @throws EpochNotOverError, EarlierEpochOpenError, SettlementDiffersError
 */
export async function prepareSettlement(
  head: Connection,
  archive: EpochArchive,
  epoch: number,
  { facts: given = head, onComputed, onProgress }: PrepareOptions = {},
): Promise<PreparedSettlement> {
  const facts = await withEventsAsOfNow(given);
  await requireOver(facts, epoch);
  const before = await carriedInto(facts, archive, epoch, await readSettledEpochs(facts), onComputed);
  const computed = await computeSettlement(facts, epoch, before, await readFunds(head), onProgress);
  return { epoch, before, computed };
}
