import { type Address, encodeAbiParameters, hexToBytes, parseAbiParameters } from "viem";
import { type Keccak256, loadKeccak256 } from "./keccak";
import { ACCOUNT_BYTES, AMOUNT_BYTES } from "./rewardList";
import { compareRecords } from "./sortedOrder";

/** Bytes of a leaf or node. */
export const NODE_BYTES = 32;

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

/** Where steps are carried out: `run` hashes the positions `from` ≤ i < `to` of a step. */
export interface Hasher {
  run(step: HashStep, from: number, to: number): Promise<void>;
  close(): Promise<void>;
}

/** Hashes on the calling thread. */
export async function openLocalHasher(): Promise<Hasher> {
  const keccak256 = await loadKeccak256();
  return {
    run: (step, from, to) => {
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

const ACCOUNT_OFFSET = 3 * 32 - ACCOUNT_BYTES;
const AMOUNT_OFFSET = 3 * 32;

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

/** Leaves are hashed twice, so that no inner node (64 bytes, hashed once) can pass for one. */
function leafHasher(keccak256: Keccak256, step: HashStep & { readonly kind: "leaves" }): (i: number) => Uint8Array {
  const { accounts, amounts } = step;
  const preimage = step.preimage.slice();
  return (i) => {
    preimage.set(accounts.subarray(i * ACCOUNT_BYTES, (i + 1) * ACCOUNT_BYTES), ACCOUNT_OFFSET);
    preimage.set(amounts.subarray(i * AMOUNT_BYTES, (i + 1) * AMOUNT_BYTES), AMOUNT_OFFSET);
    return keccak256(keccak256(preimage));
  };
}

/** A node hashes its two children, the smaller one first. They lie side by side. */
function nodeHasher(keccak256: Keccak256, { nodes }: HashStep & { readonly kind: "nodes" }): (i: number) => Uint8Array {
  const swapped = new Uint8Array(2 * NODE_BYTES);
  return (i) => {
    const left = 2 * i + 1;
    const pair = nodes.subarray(left * NODE_BYTES, (left + 2) * NODE_BYTES);
    if (compareRecords(nodes, NODE_BYTES, left, left + 1) <= 0) return keccak256(pair);
    swapped.set(pair.subarray(NODE_BYTES));
    swapped.set(pair.subarray(0, NODE_BYTES), NODE_BYTES);
    return keccak256(swapped);
  };
}
