import {
  distributeToMiners,
  type MinerDistribution,
  type MinerInput,
  type EpochWork,
  measureWork,
  qualityWadOf,
} from "./distribution/miners";
import {
  distributeToValidators,
  type StakerInput,
  type ValidatorDistribution,
  type ValidatorPools,
} from "./distribution/validators";
import {
  type Emission,
  emissionOf,
  type EmissionInputs,
  type Participation,
  type TaskCounters,
  type Utility,
  utilityOf,
} from "./utility";
import { bpsDown, mulDivDown, WAD } from "./fixedPoint";
import { type Policy } from "./policy/policy";

/** Everything that decides an epoch. Amounts in wei, accounts in lower case, the policy in force. */
export interface EpochInputs extends EmissionInputs {
  readonly policy: Policy;
  readonly tasks: TaskCounters;
  readonly validators: Participation;
  readonly miners: readonly MinerInput[];
  /** Validators that revealed, with their delegators; their stakes sum to `validators.revealedStakeWei`. */
  readonly stakers: readonly StakerInput[];
}

/** What an epoch pays, burns and returns, with the factors that led there. Amounts in wei. */
export interface EpochResult {
  readonly utility: Utility;
  readonly work: EpochWork;
  /** Average quality of the work, weighted by fees, 0…10^18; for display only. */
  readonly qualityWad: bigint;
  readonly emission: Emission;
  readonly burnedUnmetQuotaWei: bigint;
  readonly burnedQualityPenaltyWei: bigint;
  readonly minerPoolWei: bigint;
  readonly validatorPoolWei: bigint;
  /** The parts of the validators' pool. */
  readonly validatorPools: ValidatorPools;
  readonly daoWei: bigint;
  /** What nobody earned: dust of flooring, what fee caps cut off, and the parts of absent validators. */
  readonly returnedWei: bigint;
  readonly miners: MinerDistribution;
  readonly validators: ValidatorDistribution;
}

/** An epoch's result, and the inputs that it was computed from. */
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
  const work = measureWork(inputs.miners, policy.qualityThresholdBps);

  const burnedUnmetQuotaWei = unmetQuotaWei(emission.emissionWei, utility, work);
  const distributableWei = emission.emissionWei - burnedUnmetQuotaWei;
  const minerPoolWei = bpsDown(distributableWei, policy.minerShareBps);
  const validatorPoolWei = bpsDown(distributableWei, policy.validatorShareBps);
  const daoWei = bpsDown(distributableWei, policy.daoShareBps);

  const miners = distributeToMiners(minerPoolWei, inputs.miners, policy);
  const validatorPools = splitValidatorPool(validatorPoolWei, emission.emissionWei, { utility, work }, inputs);
  const validators = distributeToValidators(validatorPools, inputs.stakers, policy.validatorRule);

  return {
    utility,
    work,
    qualityWad: qualityWadOf(work),
    emission,
    burnedUnmetQuotaWei,
    burnedQualityPenaltyWei: miners.qualityPenaltyWei,
    minerPoolWei,
    validatorPoolWei,
    validatorPools,
    daoWei,
    returnedWei: distributableWei - daoWei - miners.rewardsWei - miners.qualityPenaltyWei - validators.rewardsWei,
    miners,
    validators,
  };
}

/** ⌊emission · work / utility · shortfall⌋: bad work burns its shortfall below θ from what work brought. */
function unmetQuotaWei(emissionWei: bigint, { work, total }: Utility, { feesWei, shortfallWeiWad }: EpochWork): bigint {
  if (total.numerator === 0n || feesWei === 0n) return 0n;
  return mulDivDown(emissionWei, work.numerator * shortfallWeiWad, total.numerator * WAD * feesWei);
}

/** Presence is paid from what presence brought; from the rest, dividends take the judged work's share of all fees. */
function splitValidatorPool(
  validatorPoolWei: bigint,
  emissionWei: bigint,
  { utility, work }: { readonly utility: Utility; readonly work: EpochWork },
  { policy, validators }: EpochInputs,
): ValidatorPools {
  const { presence, total } = utility;
  const presentWei = total.numerator === 0n ? 0n : mulDivDown(emissionWei, presence.numerator, total.numerator);
  const presenceWei = bpsDown(presentWei, policy.validatorShareBps);
  const workWei = validatorPoolWei - presenceWei;
  const { feesWei, judgedWeiWad } = work;
  const dividendWei =
    policy.validatorRule === "stake" || feesWei === 0n ? 0n : mulDivDown(workWei, judgedWeiWad, WAD * feesWei);
  return { presenceWei, scoringWei: workWei - dividendWei, dividendWei, ...validators, feesWei };
}
