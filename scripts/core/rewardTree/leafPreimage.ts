import { type Address, encodeAbiParameters, hexToBytes, parseAbiParameters } from "viem";
import { LEAF_BYTES, type RewardDomain } from "./hashing";

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
