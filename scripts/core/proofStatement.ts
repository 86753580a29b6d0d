/** What the proof of a task states; the TaskRegistry restates it from its own records. */
import { type Address, bytesToBigInt, encodeAbiParameters, type Hex, keccak256, numberToHex } from "viem";

/** What a proof counts for: one task of one miner, at one registry on one chain. */
export interface ProofOwner {
  readonly chainId: number;
  readonly registry: Address;
  readonly taskId: number;
  readonly minerId: number;
}

/** The statement that a model turns an input into a result. */
export interface ProvenWork {
  /** Names the model; below the order of BN254's scalar field. */
  readonly modelHash: Hex;
  readonly input: Uint8Array;
  readonly result: Uint8Array;
}

/** Most bytes that always fit a value of a circuit's field. */
const wordBytes = 31;

/** Bytes as 32-byte values of a circuit's field: 31 bytes each, big-endian, the last padded with zeros on the right. */
export function wordsOf(bytes: Uint8Array): readonly Hex[] {
  return Array.from({ length: Math.ceil(bytes.length / wordBytes) }, (_, i) => {
    const word = new Uint8Array(wordBytes);
    word.set(bytes.subarray(i * wordBytes, (i + 1) * wordBytes));
    return fieldValue(bytesToBigInt(word));
  });
}

/** The value that keeps a proof from counting for anyone else: the high 248 bits of a hash of its owner. */
export function proofBinding({ chainId, registry, taskId, minerId }: ProofOwner): Hex {
  const types = [{ type: "uint256" }, { type: "address" }, { type: "uint256" }, { type: "uint256" }] as const;
  const owner = encodeAbiParameters(types, [BigInt(chainId), registry, BigInt(taskId), BigInt(minerId)]);
  return fieldValue(BigInt(keccak256(owner)) >> 8n);
}

/** A proof's public inputs: `[modelHash, …words(input), …words(result), binding]`. */
export function publicInputs({ modelHash, input, result }: ProvenWork, binding: Hex): readonly Hex[] {
  return [modelHash, ...wordsOf(input), ...wordsOf(result), binding];
}

function fieldValue(value: bigint): Hex {
  return numberToHex(value, { size: 32 });
}
