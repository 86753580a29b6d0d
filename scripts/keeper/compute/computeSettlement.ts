import { type Connection } from "../../chain/connection";
import { noProgress } from "../../core/progress";
import { type AssembledEpoch, assembleInputs, type Bonds, type Funds, noBonds } from "../../core/assembleInputs";
import { type CollectedFacts, collectFacts, readFunds } from "../facts/collectFacts";
import { computeEpoch, type EpochInputs, type EpochResult } from "../../core/computeEpoch";
import {
  addRewards,
  type CumulativeRewards,
  divideRewards,
  rewardsOf,
  type Settlement,
  settlementOf,
} from "../../core/settlement";
import { sum } from "../../core/fixedPoint";
import { inputsHash } from "../../core/epochInput/writeEpoch";
import { buildRewardTree, type RewardTree } from "../../core/rewardTree/buildRewardTree";
import { type SettledEpoch } from "../facts/settledEpochs";
import { openParallelHasher } from "./parallelHasher";

/** What one epoch hands to the next. */
export interface Carried {
  readonly cumulative: CumulativeRewards;
  readonly bonds: Bonds;
}

/** What epoch 0 starts with. */
export const nothingCarried: Carried = { cumulative: new Map(), bonds: noBonds };

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
 * @param funds For a settled epoch: the funds right before its settlement. Missing: the current funds.
 */
export async function computeSettlement(
  connection: Connection,
  epoch: number,
  before: Carried,
  funds?: Funds,
  onProgress = noProgress,
): Promise<ComputedEpoch> {
  const collected = await collectFacts(connection, epoch);
  const assembled = assembleInputs(collected, funds ?? (await readFunds(connection)), before.bonds);
  onProgress(`accounts in the inputs of epoch ${epoch}`, 0, accountsIn(assembled.inputs));
  const result = computeEpoch(assembled.inputs);
  const cumulative = addRewards(before.cumulative, result);
  const tree = await treeOfRewards(connection, cumulative, onProgress);
  onProgress("accounts whose inputs are hashed", 0, accountsIn(assembled.inputs));
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

/** Number of miners, stakers and delegations in an epoch, which decides how long computing it takes. */
export function accountsIn({ miners, stakers }: EpochInputs): number {
  return stakers.reduce((sum, { delegations }) => sum + 1 + delegations.length, miners.length);
}

/** The tree of everyone's rewards, for this chain and Treasury. */
export function treeOfRewards(
  { deployment, contracts }: Connection,
  cumulative: CumulativeRewards,
  onProgress = noProgress,
): Promise<RewardTree> {
  const domain = { chainId: BigInt(deployment.chainId), treasury: contracts.treasury.address };
  return buildRewardTree(domain, rewardsOf(cumulative), (count) => openParallelHasher(count, onProgress));
}

/**
 * An epoch as it stands: what it really added to everyone's rewards, no matter who settled it and which root was
 * posted.
 */
export interface StandingEpoch {
  /** As a computed epoch: rewards, tree and root as they stand, amounts as they were settled. */
  readonly epoch: ComputedEpoch;
  /** What an honest repost returns to the pool: posted rewards promised to nobody; 0 if they can't be returned. */
  readonly toReturnWei: bigint;
}

/**
 * A settled epoch as it stands. Its amounts stay as posted, because the money has moved; who gets them follows from the
 * epoch's facts, never from the posted root. So an epoch that was settled honestly stands exactly as computed, and
 * after any other the rewards still add up to what the Treasury holds.
 * @param computed The epoch computed from its facts and the funds right before its settlement.
 * @param before What the epochs before it left.
 */
export async function standingEpoch(
  connection: Connection,
  computed: ComputedEpoch,
  before: Carried,
  { settlement, reposts, isReturnable }: Pick<SettledEpoch, "settlement" | "reposts" | "isReturnable">,
): Promise<StandingEpoch> {
  const { result } = computed;
  const { undividedWei, miners, validators } = divideRewards(result, {
    minerRewardsWei: settlement.minerRewards,
    validatorRewardsWei: settlement.validatorRewards,
    returnedWei: sum(reposts.map(({ returnedWei }) => returnedWei)),
  });
  const toReturnWei = isReturnable ? undividedWei : 0n;
  if (miners.rewardsWei === result.miners.rewardsWei && validators.rewardsWei === result.validators.rewardsWei) {
    return { epoch: computed, toReturnWei };
  }
  const cumulative = addRewards(before.cumulative, { miners, validators });
  const tree = await treeOfRewards(connection, cumulative);
  const epoch: ComputedEpoch = {
    ...computed,
    result: { ...result, miners: { ...result.miners, ...miners }, validators: { ...result.validators, ...validators } },
    tree,
    settlement: { ...settlement, rewardsRoot: tree.root },
    carried: { cumulative, bonds: computed.carried.bonds },
  };
  return { epoch, toReturnWei };
}
