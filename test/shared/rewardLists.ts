import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import fc from "fast-check";
import { type Address, numberToHex } from "viem";
import { type RewardDomain } from "../../scripts/core/rewardTree/hashing";
import { type CumulativeReward } from "../../scripts/core/rewardTree/rewardList";

export const domain: RewardDomain = { chainId: 31337n, treasury: "0x00000000000000000000000000000000000000cc" };

/** An account that is easy to name: 1, 2, 3, … */
export function accountOf(id: number | bigint): Address {
  return numberToHex(id, { size: 20 });
}

/** `count` rewards of accounts 1, 2, 3, … */
export function rewardsOf(count: number): CumulativeReward[] {
  return Array.from({ length: count }, (_, i) => ({
    account: accountOf(i + 1),
    cumulativeWei: BigInt(i) * 10n ** 18n,
  }));
}

/** Lists of different accounts, some close to each other and some anywhere, with any amounts. */
export function rewardLists(maxLength: number, minLength = 0): fc.Arbitrary<CumulativeReward[]> {
  const account = fc.oneof(fc.bigInt(1n, 300n), fc.bigInt(1n, 2n ** 160n - 1n)).map(accountOf);
  const cumulativeWei = fc.oneof(fc.bigInt(0n, 10n ** 27n), fc.bigInt(0n, 2n ** 256n - 1n));
  return fc.uniqueArray(fc.record({ account, cumulativeWei }), {
    selector: (reward) => reward.account,
    minLength,
    maxLength,
    size: "max",
  });
}

/** The same tree by OpenZeppelin's library. */
export function openZeppelinTree(
  rewards: readonly CumulativeReward[],
  { chainId, treasury }: RewardDomain = domain,
): StandardMerkleTree<string[]> {
  const values = rewards.map((reward) => [
    chainId.toString(),
    treasury,
    reward.account,
    reward.cumulativeWei.toString(),
  ]);
  return StandardMerkleTree.of(values, ["uint256", "address", "address", "uint256"]);
}
