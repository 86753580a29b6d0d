import { type Connection } from "../chain/connection";
import { type AssembledEpoch, assembleInputs, type Bonds, type Funds } from "./core/assembleInputs";
import { type CollectedFacts, collectFacts, readFunds } from "./collectFacts";
import { computeEpoch, type EpochResult } from "./core/computeEpoch";
import { addRewards, type CumulativeRewards, rewardsOf } from "./core/cumulative";
import { inputsHash } from "./core/epochInput/inputsHash";
import { buildRewardTree, type RewardTree } from "./core/rewardTree/buildRewardTree";
import { openParallelHasher } from "./parallelHasher";
import { type Settlement, settlementOf } from "./core/settlement";

/** What one epoch hands to the next. */
export interface Carried {
  readonly cumulative: CumulativeRewards;
  readonly bonds: Bonds;
}

/** What epoch 0 starts with. */
export const nothingCarried: Carried = { cumulative: new Map(), bonds: new Map() };

/** An epoch computed from the chain, down to the transaction that settles it. */
export interface ComputedEpoch {
  readonly collected: CollectedFacts;
  readonly assembled: AssembledEpoch;
  readonly result: EpochResult;
  readonly tree: RewardTree;
  readonly settlement: Settlement;
  readonly carried: Carried;
}

/**
 * Computes `epoch` from the chain's facts, and from what the epochs before it left.
 * @param funds For an epoch that was settled before: what it recycled and minted. Missing: what there is now.
 */
export async function computeSettlement(
  connection: Connection,
  epoch: number,
  before: Carried,
  funds?: Funds,
): Promise<ComputedEpoch> {
  const collected = await collectFacts(connection, epoch);
  const assembled = assembleInputs(collected.facts, funds ?? (await readFunds(connection)), before.bonds);
  const result = computeEpoch(assembled.inputs);
  const cumulative = addRewards(before.cumulative, result);
  const chainId = BigInt(await connection.reader.getChainId());
  const treasury = connection.contracts.treasury.address;
  const tree = await buildRewardTree({ chainId, treasury }, rewardsOf(cumulative), openParallelHasher);
  const commitments = { rewardsRoot: tree.root, inputsHash: await inputsHash(assembled.inputs) };
  return {
    collected,
    assembled,
    result,
    tree,
    settlement: settlementOf(assembled.inputs, result, commitments),
    carried: { cumulative, bonds: assembled.bonds },
  };
}
