import { type Address } from "viem";
import { type Connection } from "../../chain/connection";
import { assembleInputs, type Bonds, type EpochFacts, type Funds, noBonds } from "../../core/assembleInputs";
import { computeEpoch } from "../../core/computeEpoch";
import { inputsHash } from "../../core/epochInput/inputsHash";
import { buildRewardTree, type RewardTree } from "../../core/rewardTree/buildRewardTree";
import { type RewardProof, proofOf } from "../../core/rewardTree/proofs";
import { accountAt, amountAt } from "../../core/rewardTree/rewardList";
import { type Settlement, settlementOf } from "../../core/settlement";
import { addRewards, type CumulativeRewards, rewardsOf } from "../../core/standingRewards";

/** Everybody's rewards from epoch to epoch, by the pure core. */
export class Books {
  #cumulative: CumulativeRewards = new Map();
  #bonds: Bonds = noBonds;
  #tree: RewardTree | undefined;
  readonly #claimed = new Map<Address, bigint>();

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

  /** The next account in turn that has something to claim, which then counts as claimed; undefined where none has. */
  nextClaim(turn: number): RewardProof | undefined {
    const tree = this.#tree;
    if (tree === undefined) return undefined;
    const { list } = tree;
    for (let skipped = 0; skipped < list.count; skipped++) {
      const position = (turn + skipped) % list.count;
      const account = accountAt(list, position);
      if (amountAt(list, position) <= (this.#claimed.get(account) ?? 0n)) continue;
      this.#claimed.set(account, amountAt(list, position));
      return proofOf(tree, account);
    }
    return undefined;
  }
}
