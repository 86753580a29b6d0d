import { type Hex, zeroHash } from "viem";
import {
  copyWords,
  type Hasher,
  leafPreimage,
  NODE_BYTES,
  NODE_WORDS,
  openLocalHasher,
  type RewardDomain,
  wordsOf,
} from "./hashing";
import { orderByAccount, packRewards, record, type RewardList, type Rewards, sortedOrder } from "./rewardList";

/**
 * The Merkle tree of everyone's cumulative rewards: that of OpenZeppelin's StandardMerkleTree, in flat buffers.
 * Node i has the children 2i + 1 and 2i + 2; the leaves, ordered by their hashes, fill the end from the back.
 */
export interface RewardTree {
  readonly domain: RewardDomain;
  readonly list: RewardList;
  /** Zero if there are no rewards; no proof leads to it. */
  readonly root: Hex;
  /** `NODE_BYTES` per node, 2 · count − 1 nodes. */
  readonly nodes: Uint8Array;
  /** For each reward the node that is its leaf. */
  readonly leafNodes: Uint32Array;
}

/**
 * Builds the tree of the rewards, each account at most once, in any order. Its root equals OpenZeppelin's for the leaf
 * (uint256 chainId, address treasury, address account, uint256 cumulativeWei). Takes O(n · log n) time and about 130
 * bytes per reward. `openHasher` starts the threads that hash, given the expected number of rewards; by default this
 * thread hashes alone.
 *
 * Throws InvalidRewardError for rewards that can't be in a tree (see packRewards and orderByAccount).
 */
export async function buildRewardTree(
  domain: RewardDomain,
  rewards: Rewards,
  openHasher: (expectedCount: number) => Promise<Hasher> = openLocalHasher,
): Promise<RewardTree> {
  const preimage = leafPreimage(domain);
  const hasher = await openHasher(rewards.length ?? 0);
  try {
    const packed = packRewards(rewards);
    const { count } = packed;
    const slots = new Uint8Array(new SharedArrayBuffer(2 * count * NODE_BYTES));
    const finishLeaves = hasher.begin({ kind: "leaves", preimage, ...packed, leaves: slots }, 0, count);
    const list = { ...packed, byAccount: orderByAccount(packed) };
    await finishLeaves();
    const { nodes, leafNodes } = arrangeLeaves(slots, count);
    await hashLevels(hasher, nodes, count);
    const root: Hex = count === 0 ? zeroHash : nodeAt(nodes, 0);
    return { domain, list, root, nodes, leafNodes };
  } finally {
    await hasher.close();
  }
}

/** A node in hexadecimal. */
export function nodeAt(nodes: Uint8Array, node: number): Hex {
  return `0x${record(nodes, node, NODE_BYTES).toString("hex")}`;
}

/**
 * Puts the leaves, ordered by hash, at the tree's end: the smallest last. They are in the first `count` of 2 · count
 * slots and go to the last `count`; the tree is all slots but slot 0, so node i is slot i + 1.
 */
function arrangeLeaves(slots: Uint8Array, count: number): Pick<RewardTree, "nodes" | "leafNodes"> {
  const order = sortedOrder(slots.subarray(0, count * NODE_BYTES), NODE_BYTES);
  const words = wordsOf(slots);
  const leafNodes = new Uint32Array(count);
  for (let rank = 0; rank < count; rank++) {
    const position = order[rank]!;
    const slot = 2 * count - 1 - rank;
    copyWords(words, position * NODE_WORDS, words, slot * NODE_WORDS, NODE_WORDS);
    leafNodes[position] = slot - 1;
  }
  return { nodes: slots.subarray(NODE_BYTES), leafNodes };
}

/** Hashes the inner nodes, 0 … count − 2, level by level from the deepest up; level k begins at node 2^k − 1. */
async function hashLevels(hasher: Hasher, nodes: Uint8Array, count: number): Promise<void> {
  let end = count - 1;
  while (end > 0) {
    const start = 2 ** Math.floor(Math.log2(end)) - 1;
    await hasher.begin({ kind: "nodes", nodes }, start, end)();
    end = start;
  }
}
