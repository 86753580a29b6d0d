import { type Address } from "viem";
import { bpsDown, mulDivDown, sum } from "../fixedPoint";
import { type ValidatorRule } from "../policy/fields";
import { type Reward, RewardLedger } from "./rewardLedger";

/** Stake that an account has given to a validator, in wei. */
export interface DelegationInput {
  readonly account: Address;
  readonly stakeWei: bigint;
}

/** A validator that was active and revealed: its own stake in wei, its commission, and who delegated to it. */
export interface StakerInput {
  readonly account: Address;
  readonly stakeWei: bigint;
  readonly commissionBps: number;
  /** Yuma dividend as raw I32F32 bits: present exactly under a Yuma rule. */
  readonly dividend?: bigint;
  readonly delegations: readonly DelegationInput[];
}

/** How the validators' pool was split; amounts in wei. */
export interface ValidatorDistribution {
  /** Σ of what the pool was split by: stake in wei, or dividends. */
  readonly totalWeight: bigint;
  readonly rewards: readonly Reward[];
  readonly rewardsWei: bigint;
}

/**
 * Splits the validators' pool: ⌊pool · weight / Σ weight⌋ to each entry, where the weight is its stake (own and
 * delegated) or its dividend, as the rule says. Of that ⌊· commission⌋ goes to the validator, and of the rest
 * ⌊rest · part / stake⌋ to its own stake and to each delegation. An entry without any stake is paid nothing.
 */
export function distributeToValidators(
  poolWei: bigint,
  stakers: readonly StakerInput[],
  rule: ValidatorRule,
): ValidatorDistribution {
  const ledger = new RewardLedger();
  const totalWeight = payValidators(poolWei, stakers, rule, (account, amountWei) => {
    ledger.add(account, amountWei);
  });
  return { totalWeight, rewards: ledger.entries(), rewardsWei: ledger.totalWei };
}

/** An entry of the validators' pool with what it is paid by. */
export interface WeighedStaker {
  readonly staker: StakerInput;
  /** Its own stake and all delegations. */
  readonly totalStakeWei: bigint;
  /** Of the total weight. */
  readonly weight: bigint;
}

/** Takes one payment: for `stakeWei` of the account's stake on the entry's validator, its commission included if it is its own. */
export type PayStake = (account: Address, amountWei: bigint, stakeWei: bigint, entry: WeighedStaker) => void;

/**
 * Makes the payments of distributeToValidators one by one, those of zero too; an entry's own comes before its delegations'.
 * @returns The total weight.
 */
export function payValidators(
  poolWei: bigint,
  stakers: readonly StakerInput[],
  rule: ValidatorRule,
  pay: PayStake,
): bigint {
  const stakesWei = stakers.map(totalStakeWei);
  const weights = rule === "stake" ? stakesWei : stakers.map(dividendOf);
  const totalWeight = sum(weights);

  stakers.forEach((staker, index) => {
    const weight = weights[index]!;
    const totalStakeWei = stakesWei[index]!;
    if (weight === 0n || totalStakeWei === 0n) return;
    share(mulDivDown(poolWei, weight, totalWeight), { staker, totalStakeWei, weight }, pay);
  });
  return totalWeight;
}

/** A Yuma rule without a dividend is a mistake of the caller, not a dividend of zero. */
export class MissingDividendError extends Error {
  constructor(readonly account: Address) {
    super(`The validator ${account} has no dividend, which a Yuma rule needs.`);
    this.name = "MissingDividendError";
  }
}

function dividendOf({ account, dividend }: StakerInput): bigint {
  if (dividend === undefined) throw new MissingDividendError(account);
  return dividend;
}

function totalStakeWei(staker: StakerInput): bigint {
  let sumWei = staker.stakeWei;
  for (const delegation of staker.delegations) sumWei += delegation.stakeWei;
  return sumWei;
}

function share(rewardWei: bigint, entry: WeighedStaker, pay: PayStake): void {
  const { staker, totalStakeWei } = entry;
  const commissionWei = bpsDown(rewardWei, staker.commissionBps);
  const sharedWei = rewardWei - commissionWei;
  const ownWei = commissionWei + mulDivDown(sharedWei, staker.stakeWei, totalStakeWei);
  pay(staker.account, ownWei, staker.stakeWei, entry);
  for (const { account, stakeWei } of staker.delegations) {
    pay(account, mulDivDown(sharedWei, stakeWei, totalStakeWei), stakeWei, entry);
  }
}
