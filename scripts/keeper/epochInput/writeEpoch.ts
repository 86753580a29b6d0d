import { type JsonObject } from "../canonicalJson";
import { type EpochInputs, type EpochResult } from "../computeEpoch";
import { type DelegationInput, type StakerInput } from "../distribution/validators";
import { type MinerInput } from "../distribution/miners";
import { type Reward } from "../distribution/rewardLedger";
import { policyJson } from "../policy/policyHash";

/** Inputs as JSON, in the shape that `epoch inputs` prints and `epoch preview` reads; the policy whole. */
export function writeEpochInput(inputs: EpochInputs): JsonObject {
  const { baseRewardWei, mintableWei, poolWei, qualityWad, ...facts } = inputs;
  return {
    epoch: facts.epoch,
    baseRewardWei: baseRewardWei.toString(),
    halvingIntervalEpochs: facts.halvingIntervalEpochs,
    mintableWei: mintableWei.toString(),
    poolWei: poolWei.toString(),
    policy: policyJson(facts.policy),
    tasks: { ...facts.tasks },
    validators: { ...facts.validators },
    qualityWad: qualityWad.toString(),
    miners: facts.miners.map(writeMiner),
    stakers: facts.stakers.map(writeStaker),
  };
}

function writeMiner({ account, performance, agreedScoreWad }: MinerInput): JsonObject {
  return { account, performance: performance.toString(), agreedScoreWad: agreedScoreWad.toString() };
}

function writeStaker({ account, stakeWei, commissionBps, dividend, delegations }: StakerInput): JsonObject {
  return {
    account,
    stakeWei: stakeWei.toString(),
    commissionBps,
    ...(dividend === undefined ? {} : { dividend: dividend.toString() }),
    delegations: delegations.map(writeStake),
  };
}

function writeStake({ account, stakeWei }: DelegationInput): JsonObject {
  return { account, stakeWei: stakeWei.toString() };
}

/** What `epoch preview --json` prints of a result. */
export function writeEpochResult(result: EpochResult): JsonObject {
  const { utility, emission, miners, validators } = result;
  return {
    utilityWad: utility.utilityWad.toString(),
    emissionWei: emission.emissionWei.toString(),
    recycledWei: emission.recycledWei.toString(),
    mintedWei: emission.mintedWei.toString(),
    burnedUnmetQuotaWei: result.burnedUnmetQuotaWei.toString(),
    burnedQualityPenaltyWei: result.burnedQualityPenaltyWei.toString(),
    daoWei: result.daoWei.toString(),
    returnedWei: result.returnedWei.toString(),
    minerRewards: miners.rewards.map(writeReward),
    validatorRewards: validators.rewards.map(writeReward),
  };
}

function writeReward({ account, amountWei }: Reward): JsonObject {
  return { account, amountWei: amountWei.toString() };
}
