import { type Address } from "viem";
import { bpsDown, mulDivDown, type Ratio, sum } from "../fixedPoint";
import { type ValidatorRule } from "../policy/policy";
import { type Reward, RewardLedger } from "../rewardTree/rewardList";

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
  /** Unproven fees in wei of miners that its scores don't list: scoring less work earns less of what work brought. */
  readonly unscoredFeesWei: bigint;
  /** Yuma dividend as raw I32F32 bits: present if and only if the rule is a Yuma rule. */
  readonly dividend?: bigint;
  readonly delegations: readonly DelegationInput[];
}

/** How the validators' pools were split; amounts in wei. */
export interface ValidatorDistribution {
  readonly rewards: readonly Reward[];
  readonly rewardsWei: bigint;
}

/** The parts of the validators' pool, and the totals that they are divided by; amounts in wei. */
export interface ValidatorPools {
  /** Paid for presence: by stake among those that revealed. */
  readonly presenceWei: bigint;
  /** Paid for work: by stake, and by the share of the fees that a validator scored. */
  readonly scoringWei: bigint;
  /** Paid for work by dividends; zero under the stake rule. */
  readonly dividendWei: bigint;
  readonly activeStakeWei: bigint;
  readonly revealedStakeWei: bigint;
  /** Σ fees of the epoch. */
  readonly feesWei: bigint;
}

/**
 * Pays each validator that revealed, floored once:
 *
 *   presence · stake / revealed stake + scoring · stake / active stake · (fees − unscored) / fees
 *   + dividends · revealed stake / active stake · dividend / Σ dividend
 *
 * so that nobody gets more of what work brought because others are absent. The fraction of fees is 1 if no fee was
 * paid; the last term is 0 if nobody has a dividend. The validator gets ⌊sum · commission⌋; from the rest, its own
 * stake and each delegation get ⌊rest · part / stake⌋. An entry without any stake is paid nothing.
 */
export function distributeToValidators(
  pools: ValidatorPools,
  stakers: readonly StakerInput[],
  rule: ValidatorRule,
): ValidatorDistribution {
  const ledger = new RewardLedger();
  payValidators(pools, stakers, rule, (account, amountWei) => {
    ledger.add(account, amountWei);
  });
  return { rewards: ledger.entries(), rewardsWei: ledger.totalWei };
}

/** An entry of the validators' pool with what it is paid, before its commission. */
interface PaidStaker {
  readonly staker: StakerInput;
  /** Its own stake and all delegations. */
  readonly totalStakeWei: bigint;
  readonly rewardWei: bigint;
}

/**
 * Takes one payment, for the account's `stakeWei` on the entry's validator; a validator's own includes the commission.
 */
type PayStake = (account: Address, amountWei: bigint, stakeWei: bigint, entry: PaidStaker) => void;

/**
 * Makes the payments of distributeToValidators one by one, zeros too; the validator's own comes before its
 * delegations'.
 */
export function payValidators(
  pools: ValidatorPools,
  stakers: readonly StakerInput[],
  rule: ValidatorRule,
  pay: PayStake,
): void {
  const dividends = stakers.map((staker) => (rule === "stake" ? 0n : dividendOf(staker)));
  const totalDividend = sum(dividends);
  stakers.forEach((staker, index) => {
    const totalStakeWei = totalStakeOf(staker);
    if (totalStakeWei === 0n) return;
    const { activeStakeWei, revealedStakeWei, feesWei } = pools;
    const scored = feesWei === 0n ? ONE : { numerator: feesWei - staker.unscoredFeesWei, denominator: feesWei };
    const rewardWei = floorOfSum([
      { numerator: pools.presenceWei * totalStakeWei, denominator: revealedStakeWei },
      {
        numerator: pools.scoringWei * totalStakeWei * scored.numerator,
        denominator: activeStakeWei * scored.denominator,
      },
      totalDividend === 0n
        ? ZERO
        : {
            numerator: pools.dividendWei * revealedStakeWei * dividends[index]!,
            denominator: activeStakeWei * totalDividend,
          },
    ]);
    share({ staker, totalStakeWei, rewardWei }, pay);
  });
}

const ZERO: Ratio = { numerator: 0n, denominator: 1n };
const ONE: Ratio = { numerator: 1n, denominator: 1n };

function floorOfSum(parts: readonly Ratio[]): bigint {
  const { numerator, denominator } = parts.reduce((total, part) => ({
    numerator: total.numerator * part.denominator + part.numerator * total.denominator,
    denominator: total.denominator * part.denominator,
  }));
  return numerator / denominator;
}

/** Under a Yuma rule a missing dividend is the caller's mistake, not a dividend of zero. */
export class MissingDividendError extends Error {
  constructor(readonly account: Address) {
    super(`The validator ${account} has no dividend, but a Yuma rule needs one.`);
    this.name = "MissingDividendError";
  }
}

function dividendOf({ account, dividend }: StakerInput): bigint {
  if (dividend === undefined) throw new MissingDividendError(account);
  return dividend;
}

/** A validator's own stake and all delegations, in wei. */
export function totalStakeOf(staker: Pick<StakerInput, "stakeWei" | "delegations">): bigint {
  let sumWei = staker.stakeWei;
  for (const delegation of staker.delegations) sumWei += delegation.stakeWei;
  return sumWei;
}

function share(entry: PaidStaker, pay: PayStake): void {
  const { staker, totalStakeWei, rewardWei } = entry;
  const commissionWei = bpsDown(rewardWei, staker.commissionBps);
  const sharedWei = rewardWei - commissionWei;
  const ownWei = commissionWei + mulDivDown(sharedWei, staker.stakeWei, totalStakeWei);
  pay(staker.account, ownWei, staker.stakeWei, entry);
  for (const { account, stakeWei } of staker.delegations) {
    pay(account, mulDivDown(sharedWei, stakeWei, totalStakeWei), stakeWei, entry);
  }
}
