import { openParallelHasher } from "../../../keeper/compute/parallelHasher";
import { buildRewardTree, type RewardTree } from "../../../core/rewardTree/buildRewardTree";
import { type CumulativeReward } from "../../../core/rewardTree/rewardList";
import { manyAccounts } from "../measure";
import { type GasStage } from "./gasStage";

/** What an account earns per epoch, in wei, give or take. */
const EARNED_WEI = 123_456_789_012_345_678n;

/** The tree of the first `size` accounts of `manyAccounts` after `epochs` epochs. */
export async function treeAfter({ connection }: GasStage, epochs: number, size: number): Promise<RewardTree> {
  const chainId = BigInt(await connection.reader.getChainId());
  const accountAt = manyAccounts(size);
  const rewards = {
    length: size,
    *[Symbol.iterator](): Generator<CumulativeReward> {
      for (let i = 0; i < size; i++) {
        yield { account: accountAt(i), cumulativeWei: BigInt(epochs) * (EARNED_WEI + BigInt(i)) };
      }
    },
  };
  return buildRewardTree({ chainId, treasury: connection.contracts.treasury.address }, rewards, openParallelHasher);
}
