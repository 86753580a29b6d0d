import { type Connection } from "../../scripts/chain/connection";
import { assembleInputs, type Bonds, type EpochFacts, type Funds, noBonds } from "../../scripts/core/assembleInputs";
import { computeEpoch } from "../../scripts/core/computeEpoch";
import { inputsHash } from "../../scripts/core/epochInput/writeEpoch";
import { buildRewardTree, type RewardTree } from "../../scripts/core/rewardTree/buildRewardTree";
import { type RewardProof, proofOf } from "../../scripts/core/rewardTree/proofs";
import { accountAt, amountAt } from "../../scripts/core/rewardTree/rewardList";
import {
  type Settlement,
  settlementOf,
  addRewards,
  type CumulativeRewards,
  rewardsOf,
} from "../../scripts/core/settlement";

/** Everyone's rewards from epoch to epoch, by the pure core. */
export class Books {
  #cumulative: CumulativeRewards = new Map();
  #bonds: Bonds = noBonds;
  #tree: RewardTree | undefined;

  /** Computes the epoch after the last one that was settled here; it counts as settled. */
  async settle({ deployment }: Connection, facts: EpochFacts, funds: Funds): Promise<Settlement> {
    const { inputs, bonds } = assembleInputs(facts, funds, this.#bonds);
    const result = computeEpoch(inputs);
    this.#cumulative = addRewards(this.#cumulative, result);
    this.#bonds = bonds;
    const domain = { chainId: BigInt(deployment.chainId), treasury: deployment.addresses.Treasury };
    this.#tree = await buildRewardTree(domain, rewardsOf(this.#cumulative));
    return settlementOf(inputs, result, { rewardsRoot: this.#tree.root, inputsHash: await inputsHash(inputs) });
  }

  /** The next account in turn that has something to claim; undefined if none has. */
  async nextClaim({ contracts }: Connection, turn: number): Promise<RewardProof | undefined> {
    const tree = this.#tree;
    if (tree === undefined) return undefined;
    const { list } = tree;
    for (let skipped = 0; skipped < list.count; skipped++) {
      const position = (turn + skipped) % list.count;
      const account = accountAt(list, position);
      const claimedWei = await contracts.treasury.read.claimedOf([account]);
      if (amountAt(list, position) > claimedWei) return proofOf(tree, account);
    }
    return undefined;
  }
}
