import { type Connection } from "../../chain/connection";
import { assembleInputs, noBonds } from "../../core/assembleInputs";
import { carriedInto } from "./carriedInto";
import { collectFacts, readFunds } from "../facts/collectFacts";
import { type EpochInputs } from "../../core/computeEpoch";
import { type EpochArchive } from "../archive/epochArchive";
import { readSettledEpochs } from "../facts/settledEpochs";

/**
 * The inputs of an epoch, from the chain, in the form that `epoch preview` takes. For a settled epoch the pool is what it
 * recycled and the mint allowance what it minted, which lead to the same result; else both are what there is now.
 * @throws EpochNotOverError while scores may still be revealed.
 */
export async function readInputs(connection: Connection, archive: EpochArchive, epoch: number): Promise<EpochInputs> {
  const { facts } = await collectFacts(connection, epoch);
  const settled = await readSettledEpochs(connection);
  const own = settled[epoch];
  const funds =
    own === undefined ? await readFunds(connection) : { poolWei: own.recycledWei, mintableWei: own.mintedWei };
  const needsBonds = facts.policy.validatorRule !== "stake";
  const bonds = needsBonds ? (await carriedInto(connection, archive, epoch, settled)).bonds : noBonds;
  return assembleInputs(facts, funds, bonds).inputs;
}
