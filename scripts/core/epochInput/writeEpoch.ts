import { type JsonObject, type StreamedJson } from "../canonicalJson";
import { type EpochInputs, type EpochResult } from "../computeEpoch";
import { type DelegationInput, type StakerInput } from "../distribution/validators";
import { type MinerInput } from "../distribution/miners";
import { type Reward } from "../distribution/rewardLedger";
import { policyJson } from "../policy/fields";

/** Inputs as JSON, in the shape that `epoch inputs` prints and `epoch preview` reads; the policy whole. */
export function writeEpochInput(inputs: EpochInputs): JsonObject {
  return { ...writeHead(inputs), miners: inputs.miners.map(writeMiner), stakers: inputs.stakers.map(writeStaker) };
}

/** The same, with miners and stakers written as they are asked for. */
export function streamEpochInput(inputs: EpochInputs): Record<string, StreamedJson> {
  return { ...writeHead(inputs), miners: each(inputs.miners, writeMiner), stakers: each(inputs.stakers, writeStaker) };
}

function writeHead({ policy, tasks, validators, ...inputs }: EpochInputs) {
  return {
    epoch: inputs.epoch,
    baseRewardWei: inputs.baseRewardWei.toString(),
    halvingIntervalEpochs: inputs.halvingIntervalEpochs,
    mintableWei: inputs.mintableWei.toString(),
    poolWei: inputs.poolWei.toString(),
    policy: policyJson(policy),
    tasks: { ...tasks },
    validators: {
      activeStakeWei: validators.activeStakeWei.toString(),
      revealedStakeWei: validators.revealedStakeWei.toString(),
    },
  };
}

function* each<T>(items: readonly T[], write: (item: T) => JsonObject): Generator<JsonObject> {
  for (const item of items) yield write(item);
}

function writeMiner({ account, performance, agreedScoreWad, feesWei, provenFeesWei }: MinerInput): JsonObject {
  return {
    account,
    performance: performance.toString(),
    agreedScoreWad: agreedScoreWad.toString(),
    feesWei: feesWei.toString(),
    provenFeesWei: provenFeesWei.toString(),
  };
}

function writeStaker({
  account,
  stakeWei,
  commissionBps,
  unscoredFeesWei,
  dividend,
  delegations,
}: StakerInput): JsonObject {
  return {
    account,
    stakeWei: stakeWei.toString(),
    commissionBps,
    unscoredFeesWei: unscoredFeesWei.toString(),
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
    qualityWad: result.qualityWad.toString(),
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
