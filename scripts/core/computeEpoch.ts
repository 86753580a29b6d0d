import { distributeToMiners, type MinerDistribution, type MinerInput } from "./distribution/miners";
import { distributeToValidators, type StakerInput, type ValidatorDistribution } from "./distribution/validators";
import { type Emission, emissionOf, type EmissionInputs, unmetQuotaWei } from "./emission";
import { bpsDown } from "./fixedPoint";
import { type Policy } from "./policy/fields";
import { type TaskCounters, type Utility, utilityOf, type ValidatorCounters } from "./utility";

/** Everything that decides an epoch. Amounts in wei, accounts in lower case, the policy as it is in force. */
export interface EpochInputs extends EmissionInputs {
  readonly policy: Policy;
  readonly tasks: TaskCounters;
  readonly validators: ValidatorCounters;
  /** The network's quality, 0…10^18. */
  readonly qualityWad: bigint;
  readonly miners: readonly MinerInput[];
  /** Active validators that revealed, with their delegators. */
  readonly stakers: readonly StakerInput[];
}

/** What an epoch pays, burns and returns, with the factors that led there. Amounts in wei. */
export interface EpochResult {
  readonly utility: Utility;
  readonly emission: Emission;
  readonly burnedUnmetQuotaWei: bigint;
  readonly burnedQualityPenaltyWei: bigint;
  /** The emission without the unmet quota: what the three pools are shares of. */
  readonly distributableWei: bigint;
  readonly minerPoolWei: bigint;
  readonly validatorPoolWei: bigint;
  readonly daoWei: bigint;
  /** Dust of flooring, and the pool of a side on which nobody was eligible. */
  readonly returnedWei: bigint;
  readonly miners: MinerDistribution;
  readonly validators: ValidatorDistribution;
}

/** An epoch with what it was computed from. */
export interface ComputedFrom {
  readonly inputs: EpochInputs;
  readonly result: EpochResult;
}

/**
 * Computes a whole epoch. Always to the wei:
 * Σ miners + Σ validators + DAO + both burns + returned = emission = recycled + minted.
 *
 * The result depends on its inputs alone, and not on the order of miners, stakers or delegations.
 */
export function computeEpoch(inputs: EpochInputs): EpochResult {
  const { policy } = inputs;
  const utility = utilityOf(inputs.tasks, inputs.validators, policy);
  const emission = emissionOf(inputs, utility.total);

  const burnedUnmetQuotaWei = unmetQuotaWei(emission.emissionWei, inputs.qualityWad, policy.qualityThresholdBps);
  const distributableWei = emission.emissionWei - burnedUnmetQuotaWei;
  const minerPoolWei = bpsDown(distributableWei, policy.minerShareBps);
  const validatorPoolWei = bpsDown(distributableWei, policy.validatorShareBps);
  const daoWei = bpsDown(distributableWei, policy.daoShareBps);

  const miners = distributeToMiners(minerPoolWei, inputs.miners, policy.qualityPenaltyThresholdBps);
  const validators = distributeToValidators(validatorPoolWei, inputs.stakers, policy.validatorRule);

  return {
    utility,
    emission,
    burnedUnmetQuotaWei,
    burnedQualityPenaltyWei: miners.qualityPenaltyWei,
    distributableWei,
    minerPoolWei,
    validatorPoolWei,
    daoWei,
    returnedWei: distributableWei - daoWei - miners.rewardsWei - miners.qualityPenaltyWei - validators.rewardsWei,
    miners,
    validators,
  };
}
