import { type Hex, type Address } from "viem";
import { type EpochInputs, type EpochResult } from "./computeEpoch";
import { policyHash } from "./policy/policy";
import { mulDivDown, sum } from "./fixedPoint";
import { type Reward, type CumulativeReward } from "./rewardTree/rewardList";

/** What `Treasury.settleEpoch` takes, field by field. Amounts in wei. */
export interface Settlement {
  readonly epoch: bigint;
  readonly emission: bigint;
  readonly burnedUnmetQuota: bigint;
  readonly burnedQualityPenalty: bigint;
  readonly minerRewards: bigint;
  readonly validatorRewards: bigint;
  readonly daoShare: bigint;
  readonly returned: bigint;
  readonly utilityWad: bigint;
  readonly qualityWad: bigint;
  readonly rewardsRoot: Hex;
  readonly policyHash: Hex;
  readonly inputsHash: Hex;
}

/** What a settlement commits to besides amounts: everyone's rewards including this epoch's, and the inputs. */
export type Commitments = Pick<Settlement, "rewardsRoot" | "inputsHash">;

/** The settlement that a computed epoch calls for. */
export function settlementOf(inputs: EpochInputs, result: EpochResult, commitments: Commitments): Settlement {
  return {
    epoch: BigInt(inputs.epoch),
    emission: result.emission.emissionWei,
    burnedUnmetQuota: result.burnedUnmetQuotaWei,
    burnedQualityPenalty: result.burnedQualityPenaltyWei,
    minerRewards: result.miners.rewardsWei,
    validatorRewards: result.validators.rewardsWei,
    daoShare: result.daoWei,
    returned: result.returnedWei,
    utilityWad: result.utility.utilityWad,
    qualityWad: result.qualityWad,
    policyHash: policyHash(inputs.policy),
    ...commitments,
  };
}

/** The first field in which two settlements differ, in words; undefined if they are equal. */
export function firstDifference(computed: Settlement, settled: Settlement): string | undefined {
  const fields = Object.keys(computed) as (keyof Settlement)[];
  const field = fields.find((name) => computed[name] !== settled[name]);
  return field && `${field} is ${String(settled[field])} on chain, but should be ${String(computed[field])}`;
}

/** What a settlement promised, and what is left of it. Amounts in wei. */
interface PostedRewards {
  readonly minerRewardsWei: bigint;
  readonly validatorRewardsWei: bigint;
  /** What reposts of the root gave back to the pool. */
  readonly returnedWei: bigint;
}

/** The parts of an epoch's result that say who gets its rewards; without zeros. */
export type Shares = Readonly<Record<"miners" | "validators", Pick<EpochResult["miners"], "rewards" | "rewardsWei">>>;

/** What an epoch adds to everyone's rewards. Amounts in wei. */
interface StandingRewards extends Shares {
  /** What is left of the posted rewards: dust of flooring, and the rewards of a side on which nobody was eligible. */
  readonly undividedWei: bigint;
}

/**
 * Divides the rewards that a settlement posted in the proportions that the epoch's facts call for, whatever root it
 * posted: ⌊posted · share / Σ shares⌋ to each account, for miners and for validators. For an honest settlement these
 * are the computed rewards, to the wei. Money that reposts gave back to the pool can't be divided any more: if that is
 * more than the division leaves over, each amount is ⌊posted · left / all posted · share / Σ shares⌋.
 * @param shares The rewards that the epoch's facts call for.
 */
export function divideRewards(shares: Shares, posted: PostedRewards): StandingRewards {
  const postedWei = posted.minerRewardsWei + posted.validatorRewardsWei;
  const leftWei = postedWei - posted.returnedWei;
  const whole = divide(shares, posted, 1n, 1n);
  const divided = totalWei(whole) <= leftWei ? whole : divide(shares, posted, leftWei, postedWei);
  return { ...divided, undividedWei: leftWei - totalWei(divided) };
}

function divide({ miners, validators }: Shares, posted: PostedRewards, numerator: bigint, denominator: bigint): Shares {
  const side = ({ rewards, rewardsWei }: Shares["miners"], amountWei: bigint) => {
    const divided = rewards.map((reward): Reward => ({
      ...reward,
      amountWei: mulDivDown(amountWei * numerator, reward.amountWei, denominator * rewardsWei),
    }));
    return {
      rewards: divided.filter(({ amountWei: part }) => part > 0n),
      rewardsWei: sum(divided.map(({ amountWei: part }) => part)),
    };
  };
  return { miners: side(miners, posted.minerRewardsWei), validators: side(validators, posted.validatorRewardsWei) };
}

function totalWei({ miners, validators }: Shares): bigint {
  return miners.rewardsWei + validators.rewardsWei;
}

/** What every account has earned over all epochs so far, in wei, by account in lower case. */
export type CumulativeRewards = ReadonlyMap<Address, bigint>;

/** Adds an epoch's rewards; a miner that also validates gets both. `before` stays unchanged. */
export function addRewards(before: CumulativeRewards, { miners, validators }: Shares): CumulativeRewards {
  const after = new Map(before);
  for (const { account, amountWei } of [...miners.rewards, ...validators.rewards]) {
    after.set(account, (after.get(account) ?? 0n) + amountWei);
  }
  return after;
}

/** The rewards as a tree takes them. */
export function* rewardsOf(cumulative: CumulativeRewards): Generator<CumulativeReward> {
  for (const [account, cumulativeWei] of cumulative) yield { account, cumulativeWei };
}
