import { type Address, encodeAbiParameters, hexToBytes, parseAbiParameters } from "viem";
import {
  compileKeccak,
  type KeccakModule,
  BLOCK_WORDS,
  type KeccakBatch,
  openKeccakBatch,
  BATCH,
} from "../keccak/keccakBatch";
import { ACCOUNT_BYTES, AMOUNT_BYTES, compareRecords } from "./rewardList";

/** Bytes of a leaf or node. */
export const NODE_BYTES = 32;
/** Bytes of what a leaf hashes: four values of 32 bytes each. */
const LEAF_BYTES = 4 * 32;

/** The same in 32-bit words. */
export const NODE_WORDS = NODE_BYTES / 4;
const LEAF_WORDS = LEAF_BYTES / 4;
const ACCOUNT_WORDS = ACCOUNT_BYTES / 4;
const AMOUNT_WORDS = AMOUNT_BYTES / 4;

/** What every leaf binds besides account and amount, so that no proof is valid on another chain or contract. */
export interface RewardDomain {
  readonly chainId: bigint;
  readonly treasury: Address;
}

/**
 * One step of building a tree: hash rewards to leaves, or the nodes of one level from the level below. It holds only
 * flat buffers, and its positions can be hashed independently, so threads can share a step.
 */
export type HashStep = LeafStep | NodeStep;

interface LeafStep {
  readonly kind: "leaves";
  readonly preimage: Uint8Array;
  readonly accounts: Uint8Array;
  readonly amounts: Uint8Array;
  readonly leaves: Uint8Array;
}

interface NodeStep {
  readonly kind: "nodes";
  readonly nodes: Uint8Array;
}

/** Hashes the positions `from` ≤ i < `to` of a step into the buffer that the step names. */
export type HashRange = (step: HashStep, from: number, to: number) => void;

/** Threads that hash. */
export interface Hasher {
  /**
   * Lets the other threads begin to hash the positions `from` ≤ i < `to` of a step. The returned function lets the
   * calling thread join them, and resolves when all is hashed.
   */
  begin(step: HashStep, from: number, to: number): () => Promise<void>;
  close(): Promise<void>;
}

let opened: Promise<HashRange> | undefined;

/** Makes this thread ready to hash, only once: each WebAssembly memory reserves gigabytes of address space. */
export function openHashRange(keccak: KeccakModule): Promise<HashRange> {
  return (opened ??= openBatches(keccak));
}

async function openBatches(keccak: KeccakModule): Promise<HashRange> {
  const preimages = await openKeccakBatch(keccak, LEAF_BYTES);
  const digests = await openKeccakBatch(keccak, NODE_BYTES);
  const pairs = await openKeccakBatch(keccak, 2 * NODE_BYTES);
  return (step, from, to) => {
    const [hashBatch, output] =
      step.kind === "leaves"
        ? [leafHasher(step, preimages, digests), wordsOf(step.leaves)]
        : [nodeHasher(step, pairs), wordsOf(step.nodes)];
    for (let start = from; start < to; start += BATCH) {
      output.set(hashBatch(start, Math.min(BATCH, to - start)), start * NODE_WORDS);
    }
  };
}

type HashBatch = (start: number, count: number) => Uint32Array;

/** Leaves are hashed twice, so that no inner node (64 bytes, hashed once) can pass for one. */
function leafHasher(step: LeafStep, preimages: KeccakBatch, digests: KeccakBatch): HashBatch {
  const [preimage, accounts, amounts] = [wordsOf(step.preimage), wordsOf(step.accounts), wordsOf(step.amounts)];
  const amountStart = LEAF_WORDS - AMOUNT_WORDS;
  const accountStart = amountStart - ACCOUNT_WORDS;
  return (start, count) => {
    for (let i = 0; i < count; i++) {
      const block = i * BLOCK_WORDS;
      copyWords(preimage, 0, preimages.blocks, block, accountStart);
      copyWords(accounts, (start + i) * ACCOUNT_WORDS, preimages.blocks, block + accountStart, ACCOUNT_WORDS);
      copyWords(amounts, (start + i) * AMOUNT_WORDS, preimages.blocks, block + amountStart, AMOUNT_WORDS);
    }
    const once = preimages.digests(count);
    for (let i = 0; i < count; i++) copyWords(once, i * NODE_WORDS, digests.blocks, i * BLOCK_WORDS, NODE_WORDS);
    return digests.digests(count);
  };
}

/** A node hashes its two children, the smaller one first. */
function nodeHasher({ nodes }: NodeStep, pairs: KeccakBatch): HashBatch {
  const words = wordsOf(nodes);
  return (start, count) => {
    for (let i = 0; i < count; i++) {
      const [left, right] = [2 * (start + i) + 1, 2 * (start + i) + 2];
      const [smaller, larger] = compareRecords(nodes, NODE_BYTES, left, right) <= 0 ? [left, right] : [right, left];
      copyWords(words, smaller * NODE_WORDS, pairs.blocks, i * BLOCK_WORDS, NODE_WORDS);
      copyWords(words, larger * NODE_WORDS, pairs.blocks, i * BLOCK_WORDS + NODE_WORDS, NODE_WORDS);
    }
    return pairs.digests(count);
  };
}

/** Hashes on the calling thread alone. */
export async function openLocalHasher(): Promise<Hasher> {
  const hashRange = await openHashRange(await compileKeccak());
  return {
    begin: (step, from, to) => () => {
      hashRange(step, from, to);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
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
  const preimage = new Uint8Array(LEAF_BYTES);
  preimage.set(hexToBytes(domain));
  return preimage;
}

/** The same bytes as 32-bit words. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / Uint32Array.BYTES_PER_ELEMENT);
}

/** Copies words one by one: for a few words, several times as fast as `set` with a view made for it. */
export function copyWords(from: Uint32Array, start: number, to: Uint32Array, toStart: number, count: number): void {
  for (let i = 0; i < count; i++) to[toStart + i] = from[start + i]!;
}
