import { type Connection } from "../../chain/connection";
import { type ComputedFrom, computeEpoch, type EpochInputs } from "../../core/computeEpoch";
import { type EpochArchive } from "../archive/epochArchive";
import { type EpochFigures, figuresOf } from "../facts/figures";
import { readSettledEpochs } from "../facts/settledEpochs";
import { assembleInputs, noBonds } from "../../core/assembleInputs";
import { collectFacts, readFunds, requireOver } from "../facts/collectFacts";
import { carriedInto } from "./carriedInto";

/** A settled epoch, with what it was computed from; null where this machine has no report of it. */
export interface ExplainedEpoch {
  readonly figures: EpochFigures;
  readonly computed: ComputedFrom | null;
}

/**
 * Every settled epoch with its inputs. Epochs after the last archived one are computed from the chain and archived;
 * inputs from a file count only if they have the hash that was settled.
 * @throws SettlementDiffersError where an epoch was settled incorrectly.
 */
export async function explainEpochs(connection: Connection, archive: EpochArchive): Promise<readonly ExplainedEpoch[]> {
  const settled = await readSettledEpochs(connection);
  await carriedInto(connection, archive, settled.length, settled);
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

/**
 * The inputs of an epoch, from the chain, in the form that `epoch preview` takes. For a settled epoch the pool is what it
 * recycled and the mint allowance what it minted, which lead to the same result; else both are what there is now.
 * @throws EpochNotOverError while scores may still be revealed.
 */
export async function readInputs(connection: Connection, archive: EpochArchive, epoch: number): Promise<EpochInputs> {
  await requireOver(connection, epoch);
  const facts = await collectFacts(connection, epoch);
  const settled = await readSettledEpochs(connection);
  const own = settled[epoch];
  const funds =
    own === undefined ? await readFunds(connection) : { poolWei: own.recycledWei, mintableWei: own.mintedWei };
  const needsBonds = facts.policy.validatorRule !== "stake";
  const bonds = needsBonds ? (await carriedInto(connection, archive, epoch, settled)).bonds : noBonds;
  return assembleInputs(facts, funds, bonds).inputs;
}
