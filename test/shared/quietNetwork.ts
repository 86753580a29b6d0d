import { maxUint256 } from "viem";
import { type Answers } from "./answeringChain";

/**
 * What views return on a network on which nobody has a place and nothing is ever paid: each of its epochs can be computed, gives
 * nothing to nobody, and has the root of no rewards.
 */
export const quietViews: NonNullable<Answers["views"]> = {
  "treasury.baseRewardWei": () => 10n ** 18n,
  "treasury.maxDaoShareBps": () => 2_000,
  "treasury.revealEnd": () => 0n,
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
