import { type Connection } from "../chain/connection";
import { type EpochArchive } from "../keeper/archive/epochArchive";
import { carriedInto } from "../keeper/settle/epochInputs";
import { rootOf, type SettledEpoch } from "../keeper/facts/settledEpochs";
import { UnavailableError } from "./http";
import { type Address, type Hex } from "viem";
import { type RewardTree } from "../core/rewardTree/buildRewardTree";
import { proofOf, UnknownAccountError } from "../core/rewardTree/proofs";
import { positionOf, type RewardList } from "../core/rewardTree/rewardList";
import { type PostedRoot } from "../keeper/facts/rewardRoots";
import { DamagedTreeError } from "../keeper/archive/treeFile";

/** A client that asks again after this time finds most epochs computed. */
const retryAfterSeconds = 5;

/** Where settled epochs are kept, and the chain that one is computed from. */
interface EpochSource {
  readonly connection: Connection;
  readonly archive: EpochArchive;
}

/**
 * The archived epochs. One that the archive lacks is computed from the chain: once, however many ask for it, and one at
 * a time. Meanwhile, requests get an error that says so.
 */
export class EpochStore {
  #computing: { readonly epoch: number; readonly done: Promise<void> } | undefined;

  constructor(
    private readonly source: EpochSource,
    private readonly patienceMilliseconds: number,
  ) {}

  /** Whether the archive has the tree and the report of a settled epoch. */
  has(epoch: number, settled: readonly SettledEpoch[]): boolean {
    return this.source.archive.holds(epoch, rootOf(settled[epoch]!));
  }

  /**
   * Ensures that the archive has a settled epoch.
   * @throws UnavailableError while it is being computed; SettlementDiffersError if the chain's settlement differs from
   * what its own facts lead to.
   */
  async require(epoch: number, settled: readonly SettledEpoch[]): Promise<void> {
    if (!this.has(epoch, settled)) await this.compute(epoch, settled);
  }

  /** Computes a settled epoch even if the archive has it; errors as above. */
  async compute(epoch: number, settled: readonly SettledEpoch[]): Promise<void> {
    this.#computing ??= this.#start(epoch, settled);
    const { epoch: computing, done } = this.#computing;
    if ((await endsWithin(this.patienceMilliseconds, done)) && computing === epoch) return;
    throw new UnavailableError(
      `Epoch ${epoch} is not in the archive here, and epoch ${computing} is being computed from the chain: ask again later.`,
      retryAfterSeconds,
    );
  }

  #start(epoch: number, settled: readonly SettledEpoch[]) {
    const done = carriedInto(this.source.connection, this.source.archive, epoch + 1, settled)
      .then(() => undefined)
      .finally(() => {
        this.#computing = undefined;
      });
    // Waiting callers learn how it failed, but perhaps nobody is waiting any more.
    done.catch(() => undefined);
    return { epoch, done };
  }
}

/** An account's rewards in one root, with their proof; 0 and no proof if it was never rewarded. */
export interface ProvenRewards {
  readonly cumulativeWei: bigint;
  readonly proof: readonly Hex[];
}

/**
 * Looks up accounts in saved trees. A proof that leads to the root is enough; that an account is *not* in a tree is
 * believed only once the whole file was read and found to have the root.
 */
export class SavedTrees {
  /** The roots of the trees that were read whole. */
  readonly #wholeRoots = new Set<Hex>();
  /** The list of the last tree that was asked for as a whole. */
  #list: { readonly root: Hex; readonly list: RewardList } | undefined;

  constructor(
    private readonly source: Pick<EpochSource, "archive">,
    private readonly store: EpochStore,
  ) {}

  /** @throws as EpochStore.require; UnavailableError if the root can't be computed from the chain. */
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
    this.#remember(root);
    return positionOf(tree.list, account) === undefined ? nothing : proofOf(tree, account);
  }

  /** What everyone has earned up to a root; errors as above. */
  async listOf(posted: PostedRoot, settled: readonly SettledEpoch[]): Promise<RewardList> {
    if (this.#list?.root !== posted.root) {
      await this.#requireTree(posted, settled);
      this.#list = { root: posted.root, list: (await this.#wholeTree(posted, settled)).list };
    }
    return this.#list.list;
  }

  /** Accounts are looked up in the claimable root and in the pending one, so a few roots are enough. */
  #remember(root: Hex): void {
    this.#wholeRoots.add(root);
    const [oldest] = this.#wholeRoots;
    if (this.#wholeRoots.size > 10) this.#wholeRoots.delete(oldest!);
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
    `The root of epoch ${epoch} was reposted after a veto, and the archive here does not have its tree.`,
    60,
  );
}

/** Whether `work` ends in time; fails if the work does. */
export async function endsWithin(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, milliseconds);
  });
  try {
    return await Promise.race([work.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
