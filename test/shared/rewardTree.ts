import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { AbiCoder, keccak256 } from "ethers";

/** What a reward tree commits to: an account and everything it has earned since the beginning. */
export interface Reward {
  readonly account: string;
  readonly cumulativeWei: bigint;
}

/** The two things that bind a leaf to one deployment. */
export interface LeafDomain {
  readonly chainId: bigint;
  readonly treasury: string;
}

const LEAF_TYPES = ["uint256", "address", "address", "uint256"];

type LeafValue = [bigint, string, string, bigint];

function leafValue(domain: LeafDomain, reward: Reward): LeafValue {
  return [domain.chainId, domain.treasury, reward.account, reward.cumulativeWei];
}

/** A tree of OpenZeppelin's library over `rewards`, with proofs by account. */
export class RewardTree {
  private readonly tree: StandardMerkleTree<LeafValue>;
  private readonly indexOf: ReadonlyMap<string, number>;

  constructor(
    domain: LeafDomain,
    readonly rewards: readonly Reward[],
  ) {
    const values = rewards.map((reward) => leafValue(domain, reward));
    this.tree = StandardMerkleTree.of(values, LEAF_TYPES);
    this.indexOf = new Map(rewards.map((reward, index) => [reward.account, index]));
  }

  get root(): string {
    return this.tree.root;
  }

  cumulativeOf(account: string): bigint {
    return this.rewards[this.index(account)]!.cumulativeWei;
  }

  proofOf(account: string): string[] {
    return this.tree.getProof(this.index(account));
  }

  /** The four arguments of `claimMany`, accounts in the order of the multiproof's leaves. */
  multiproofOf(accounts: readonly string[]): [string[], bigint[], string[], boolean[]] {
    const { leaves, proof, proofFlags } = this.tree.getMultiProof(accounts.map((account) => this.index(account)));
    return [leaves.map((leaf) => leaf[2]), leaves.map((leaf) => leaf[3]), proof, proofFlags];
  }

  private index(account: string): number {
    const index = this.indexOf.get(account);
    if (index === undefined) throw new Error(`${account} is not in the tree`);
    return index;
  }
}

/** A leaf as the contract's documentation defines it. */
export function leafHash(domain: LeafDomain, reward: Reward): string {
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(LEAF_TYPES, leafValue(domain, reward))));
}
