import { type Address, type Hex } from "viem";
import { type RewardTree } from "../core/rewardTree/buildRewardTree";
import { proofOf, UnknownAccountError } from "../core/rewardTree/proofs";
import { positionOf } from "../core/rewardTree/rewardList";
import { type PostedRoot } from "../keeper/facts/rewardRoots";
import { rootOf, type SettledEpoch } from "../keeper/facts/settledEpochs";
import { DamagedTreeError } from "../keeper/archive/treeFile";
import { type EpochStore } from "./epochStore";
import { UnavailableError } from "./problems";
import { type ApiSource } from "./source";

/** What an account has in one root, with the proof of it; nothing, and no proof, where it was never rewarded. */
export interface ProvenRewards {
  readonly cumulativeWei: bigint;
  readonly proof: readonly Hex[];
}

/**
 * Looks up accounts in saved trees. A proof that leads to the root speaks for itself; that an account is *not* in a tree
 * is believed only once the whole file was read and found to have the root.
 */
export class SavedTrees {
  /** The roots of the trees that were read whole. */
  readonly #wholeRoots = new Set<Hex>();

  constructor(
    private readonly source: ApiSource,
    private readonly store: EpochStore,
  ) {}

  /** @throws as EpochStore.require; UnavailableError where the root is one that nobody can compute from the chain. */
  async rewardsOf(posted: PostedRoot, account: Address, settled: readonly SettledEpoch[]): Promise<ProvenRewards> {
    const { epoch, root } = posted;
    await this.#requireTree(posted, settled);
    try {
      return this.source.archive.proof(epoch, account);
    } catch (error) {
      if (!(error instanceof UnknownAccountError || error instanceof DamagedTreeError)) throw error;
      if (error instanceof UnknownAccountError && this.#wholeRoots.has(root)) return nothing;
    }
    const tree = await this.#wholeTree(posted, settled);
    this.#wholeRoots.add(root);
    return positionOf(tree.list, account) === undefined ? nothing : proofOf(tree, account);
  }

  async #requireTree({ epoch, root }: PostedRoot, settled: readonly SettledEpoch[]): Promise<void> {
    if (this.source.archive.holdsTree(epoch, root)) return;
    if (rootOf(settled[epoch]!) !== root) throw unknownRoot(epoch);
    await this.store.require(epoch, settled);
  }

  async #wholeTree({ epoch, root }: PostedRoot, settled: readonly SettledEpoch[]): Promise<RewardTree> {
    const { archive } = this.source;
    const saved = await archive.tree(epoch, root);
    if (saved !== undefined) return saved;
    await this.store.compute(epoch, settled);
    const computed = await archive.tree(epoch, root);
    if (computed === undefined) throw unknownRoot(epoch);
    return computed;
  }
}

const nothing: ProvenRewards = { cumulativeWei: 0n, proof: [] };

function unknownRoot(epoch: number): UnavailableError {
  return new UnavailableError(
    `The root of epoch ${epoch} was posted again after a veto, and its tree is not in the archive here.`,
    60,
  );
}
