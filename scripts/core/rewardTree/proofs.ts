import { type Address, concat, encodeAbiParameters, type Hex, keccak256, parseAbiParameters, zeroHash } from "viem";
import { nodeAt, type RewardTree } from "./buildRewardTree";
import { accountAt, amountAt, positionOf } from "./rewardList";
import { type RewardDomain } from "./hashing";

/** What an account can claim, and the proof of it, as `Treasury.claim` takes them. */
export interface RewardProof {
  readonly account: Address;
  readonly cumulativeWei: bigint;
  readonly proof: readonly Hex[];
}

/**
 * What several accounts can claim, with one proof for all, as `Treasury.claimMany` takes them. The accounts are in
 * the order that the proof needs, which may differ from the order of the request.
 */
export interface RewardMultiProof {
  readonly accounts: readonly Address[];
  readonly cumulativesWei: readonly bigint[];
  readonly proof: readonly Hex[];
  readonly proofFlags: readonly boolean[];
}

/** An account without a reward in the tree. */
export class UnknownAccountError extends Error {
  override readonly name = "UnknownAccountError";

  constructor(readonly account: Address) {
    super(`Account ${account} has no reward in this tree.`);
  }
}

/** An account that was asked for twice in one multiproof. */
export class RepeatedAccountError extends Error {
  override readonly name = "RepeatedAccountError";

  constructor(readonly account: Address) {
    super(`Account ${account} is named twice in one multiproof.`);
  }
}

/** The nodes beside the path from a leaf to the root: log2(n) of them, none in a tree of one leaf. */
export function* siblingsOf(leafNode: number): Generator<number> {
  for (let node = leafNode; node > 0; node = parentOf(node)) yield siblingOf(node);
}

/** The proof of one account (written in any case). Throws UnknownAccountError. */
export function proofOf(tree: RewardTree, account: Address): RewardProof {
  const position = knownPosition(tree, account);
  return {
    account: accountAt(tree.list, position),
    cumulativeWei: amountAt(tree.list, position),
    proof: Array.from(siblingsOf(tree.leafNodes[position]!), (node) => nodeAt(tree.nodes, node)),
  };
}

/**
 * One proof of many accounts, for OpenZeppelin's `MerkleProof.multiProofVerify`. The verifier keeps a queue of hashes,
 * at first the leaves from the highest node down, and hashes the front one with the next in the queue (flag true) or
 * with the next of the proof (flag false). Throws UnknownAccountError and RepeatedAccountError.
 */
export function multiProofOf(tree: RewardTree, accounts: readonly Address[]): RewardMultiProof {
  const positions = accounts.map((account) => knownPosition(tree, account));
  positions.sort((a, b) => tree.leafNodes[b]! - tree.leafNodes[a]!);
  const repeated = positions.find((position, i) => position === positions[i + 1]);
  if (repeated !== undefined) throw new RepeatedAccountError(accountAt(tree.list, repeated));

  const queue = positions.map((position) => tree.leafNodes[position]!);
  const proof: Hex[] = [];
  const proofFlags: boolean[] = [];
  for (let front = 0; queue[front]! > 0; front++) {
    const sibling = siblingOf(queue[front]!);
    const isNext = queue[front + 1] === sibling;
    proofFlags.push(isNext);
    if (isNext) front++;
    else proof.push(nodeAt(tree.nodes, sibling));
    queue.push(parentOf(sibling));
  }
  if (positions.length === 0) proof.push(tree.root);
  return {
    accounts: positions.map((position) => accountAt(tree.list, position)),
    cumulativesWei: positions.map((position) => amountAt(tree.list, position)),
    proof,
    proofFlags,
  };
}

function knownPosition(tree: RewardTree, account: Address): number {
  const position = positionOf(tree.list, account);
  if (position === undefined) throw new UnknownAccountError(account);
  return position;
}

function parentOf(node: number): number {
  return (node - 1) >> 1;
}

/** A left child has an odd number, and its sibling on its right. */
function siblingOf(node: number): number {
  return node % 2 === 1 ? node + 1 : node - 1;
}

const LEAF = parseAbiParameters("uint256 chainId, address treasury, address account, uint256 cumulativeWei");

/** Whether a proof leads to a root, checked as the Treasury checks it. The zero root proves nothing. */
export function verifyProof(domain: RewardDomain, reward: RewardProof, root: Hex): boolean {
  const encoded = encodeAbiParameters(LEAF, [
    domain.chainId,
    domain.treasury.toLowerCase() as Address,
    reward.account.toLowerCase() as Address,
    reward.cumulativeWei,
  ]);
  const leaf = keccak256(keccak256(encoded));
  const reached = reward.proof.reduce((hash, sibling) => keccak256(concat([hash, sibling].sort())), leaf);
  return root !== zeroHash && reached === root;
}
