import { type Hex, maxUint256, zeroHash } from "viem";
import { type Settlement } from "../../scripts/core/settlement";
import { type Answers, logOf, type Place } from "./answeringChain";

/**
 * What views return on a network without validators, miners and payments: each of its epochs can be computed, gives nothing to
 * anyone, and has the root of no rewards.
 */
export const quietViews: NonNullable<Answers["views"]> = {
  "treasury.baseRewardWei": () => 10n ** 18n,
  "treasury.maxDaoShareBps": () => 2_000,
  "treasury.revealEnd": () => 0n,
  "treasury.pendingRoot": () => [zeroHash, 0n, 0n],
  "treasury.currentRoot": () => [zeroHash, 0n],
  "treasury.previousRoot": () => [zeroHash, 0n],
  "taskRegistry.volumeFeeWei": () => 10n ** 18n,
  "taskRegistry.difficultyFeeWei": () => 10n ** 18n,
  "taskRegistry.minerCount": () => 0,
  "taskRegistry.taskCount": () => 0n,
  "taskRegistry.epochTasks": () => [0n, 0n],
  "staking.INDEX_ONE": () => 10n ** 27n,
  "stakingLens.seatedValidators": () => [],
  "scoreBoard.commitsOf": () => [],
  "policyRegistry.policyCount": () => 0n,
  "settlementQuorum.signersOf": () => [[], [], maxUint256],
  "settlementQuorum.soloAllowedFrom": () => 0n,
  "pool.available": () => 0n,
  "token.mintable": () => 10n ** 24n,
};

/** A settlement that gives nothing to anyone. */
export function quietSettlement(epoch: number, rewardsRoot: Hex = zeroHash): Settlement {
  return {
    ...{ epoch: BigInt(epoch), emission: 0n, burnedUnmetQuota: 0n, burnedQualityPenalty: 0n, minerRewards: 0n },
    ...{ validatorRewards: 0n, daoShare: 0n, returned: 0n, utilityWad: 0n, qualityWad: 0n },
    ...{ rewardsRoot, policyHash: zeroHash, inputsHash: zeroHash },
  };
}

/** The event of such a settlement. */
export function quietSettlementLog(epoch: number, place: Place, rewardsRoot?: Hex) {
  const settlement = quietSettlement(epoch, rewardsRoot);
  const args = { epoch: settlement.epoch, settlement, minted: 0n, recycled: 0n, totalSupply: 1n };
  return logOf("treasury", "EpochSettled", args, place);
}
