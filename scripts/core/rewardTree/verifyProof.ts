import { type Address, concat, encodeAbiParameters, type Hex, keccak256, parseAbiParameters, zeroHash } from "viem";
import { type RewardDomain } from "./hashing";
import { type RewardProof } from "./proofs";

const LEAF = parseAbiParameters("uint256 chainId, address treasury, address account, uint256 cumulativeWei");

/** Whether a proof leads to a root, judged as the Treasury judges it. The zero root proves nothing. */
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
