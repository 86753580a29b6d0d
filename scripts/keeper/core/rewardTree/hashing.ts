import { type Address, encodeAbiParameters, hexToBytes, parseAbiParameters } from "viem";
import { type Keccak256, loadKeccak256 } from "./keccak";
import { ACCOUNT_BYTES, AMOUNT_BYTES } from "./rewardList";
import { compareRecords } from "./sortedOrder";
import { copyWords, wordsOf } from "./words";

/** Bytes of a leaf or node, and 32-bit words. */
export const NODE_BYTES = 32;
export const NODE_WORDS = NODE_BYTES / 4;

/** What every leaf binds besides account and amount, so that no proof serves on another chain or contract. */
export interface RewardDomain {
  readonly chainId: bigint;
  readonly treasury: Address;
}

/**
 * One step of building a tree: hash rewards to leaves, or the nodes of one level from the level below. It holds nothing
 * but flat buffers, and each of its positions can be hashed apart from the others, so threads can share a step.
 */
export type HashStep =
  | {
      readonly kind: "leaves";
      readonly preimage: Uint8Array;
      readonly accounts: Uint8Array;
      readonly amounts: Uint8Array;
      readonly leaves: Uint8Array;
    }
  | { readonly kind: "nodes"; readonly nodes: Uint8Array };

/** Threads that hash. */
export interface Hasher {
  /**
   * Lets the other threads begin to hash the positions `from` ≤ i < `to` of a step. What it returns lets the calling
   * thread join them, and resolves when all is hashed.
   */
  begin(step: HashStep, from: number, to: number): () => Promise<void>;
  close(): Promise<void>;
}

/** Hashes on the calling thread alone. */
export async function openLocalHasher(): Promise<Hasher> {
  const keccak256 = await loadKeccak256();
  return {
    begin: (step, from, to) => () => {
      hashRange(keccak256, step, from, to);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** Hashes the positions `from` ≤ i < `to` of a step into the buffer that the step names. */
export function hashRange(keccak256: Keccak256, step: HashStep, from: number, to: number): void {
  const [hash, output] =
    step.kind === "leaves" ? [leafHasher(keccak256, step), step.leaves] : [nodeHasher(keccak256, step), step.nodes];
  for (let i = from; i < to; i++) output.set(hash(i), i * NODE_BYTES);
}

/**
 * What a leaf hashes, abi.encode(uint256 chainId, address treasury, address account, uint256 cumulativeWei), with
 * account and amount still zero. Throws viem's error for a malformed treasury or a chain id that is no uint256.
 */
export function leafPreimage({ chainId, treasury }: RewardDomain): Uint8Array {
  const domain = encodeAbiParameters(parseAbiParameters("uint256 chainId, address treasury"), [
    chainId,
    treasury.toLowerCase() as Address,
  ]);
  const preimage = new Uint8Array(4 * 32);
  preimage.set(hexToBytes(domain));
  return preimage;
}

const ACCOUNT_WORDS = ACCOUNT_BYTES / 4;
const AMOUNT_WORDS = AMOUNT_BYTES / 4;

/** Leaves are hashed twice, so that no inner node (64 bytes, hashed once) can pass for one. */
function leafHasher(keccak256: Keccak256, step: HashStep & { readonly kind: "leaves" }): (i: number) => Uint8Array {
  const accounts = wordsOf(step.accounts);
  const amounts = wordsOf(step.amounts);
  const preimage = step.preimage.slice();
  const words = wordsOf(preimage);
  const amountStart = words.length - AMOUNT_WORDS;
  return (i) => {
    copyWords(accounts, i * ACCOUNT_WORDS, words, amountStart - ACCOUNT_WORDS, ACCOUNT_WORDS);
    copyWords(amounts, i * AMOUNT_WORDS, words, amountStart, AMOUNT_WORDS);
    return keccak256(keccak256(preimage));
  };
}

/** A node hashes its two children, the smaller one first. */
function nodeHasher(keccak256: Keccak256, { nodes }: HashStep & { readonly kind: "nodes" }): (i: number) => Uint8Array {
  const nodeWords = wordsOf(nodes);
  const pair = new Uint8Array(2 * NODE_BYTES);
  const words = wordsOf(pair);
  return (i) => {
    const [left, right] = [2 * i + 1, 2 * i + 2];
    const isLeftFirst = compareRecords(nodes, NODE_BYTES, left, right) <= 0;
    copyWords(nodeWords, left * NODE_WORDS, words, isLeftFirst ? 0 : NODE_WORDS, NODE_WORDS);
    copyWords(nodeWords, right * NODE_WORDS, words, isLeftFirst ? NODE_WORDS : 0, NODE_WORDS);
    return keccak256(pair);
  };
}
