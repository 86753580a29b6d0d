import { type Address } from "viem";
import { briefDecimal } from "./amounts";
import { type EpochInputs, type EpochResult } from "../core/computeEpoch";
import { type Reward } from "../core/distribution/rewardLedger";
import { wadDown } from "../core/fixedPoint";

interface Earned {
  readonly inputs: EpochInputs;
  readonly result: EpochResult;
}

/** Who earned most on each side of an epoch and by what; amounts in MDT, shares in percent, both cut. */
export function whoEarnedMost(epoch: Earned, nameOf: (account: Address) => string): string {
  return `${minerStory(epoch, nameOf)} ${validatorStory(epoch, nameOf)}`;
}

function minerStory({ inputs, result: { miners } }: Earned, nameOf: (account: Address) => string): string {
  const best = mostOf(miners.rewards);
  if (best === undefined) return "No miner was paid, because none performed.";
  const own = inputs.miners.filter(({ account }) => account === best.account);
  const performance = own.reduce((sum, miner) => sum + miner.performance, 0n);
  return (
    `Of the miners ${nameOf(best.account)} earned most, ${briefDecimal(best.amountWei)} of ${briefDecimal(miners.rewardsWei)} MDT: ` +
    `${percentOf(performance, miners.totalPerformance)} of all performance, with an agreed score of ${briefDecimal(own[0]!.agreedScoreWad)}.`
  );
}

function validatorStory({ inputs, result: { validators } }: Earned, nameOf: (account: Address) => string): string {
  const best = mostOf(validators.rewards);
  if (best === undefined) return "No validator was paid, because none with stake revealed.";
  return (
    `Of validators and delegators ${nameOf(best.account)} earned most, ${briefDecimal(best.amountWei)} of ` +
    `${briefDecimal(validators.rewardsWei)} MDT: ${reasonOf(best.account, inputs)}.`
  );
}

/** As a validator by its own stake and its commission; as a delegator by what it delegated. */
function reasonOf(account: Address, { stakers, policy }: EpochInputs): string {
  const delegatedWei = stakers.flatMap(({ delegations }) => delegations).filter((one) => one.account === account);
  const own = stakers.find((staker) => staker.account === account);
  const total = stakers.reduce((sum, { stakeWei, delegations }) => sum + stakeWei + sumOf(delegations), 0n);
  const stakeWei = (own?.stakeWei ?? 0n) + sumOf(delegatedWei);
  const share = `${briefDecimal(stakeWei)} MDT of its own at stake, ${percentOf(stakeWei, total)} of all`;
  if (own === undefined) return share;
  const commission = `a commission of ${own.commissionBps / 100} % on ${briefDecimal(sumOf(own.delegations))} MDT delegated to it`;
  return policy.validatorRule === "stake"
    ? `${share}, and ${commission}`
    : `its dividends, ${share}, and ${commission}`;
}

function sumOf(stakes: readonly { readonly stakeWei: bigint }[]): bigint {
  return stakes.reduce((sum, { stakeWei }) => sum + stakeWei, 0n);
}

/** The first of those who earned the same. */
function mostOf(rewards: readonly Reward[]): Reward | undefined {
  return rewards.reduce<Reward | undefined>(
    (most, reward) => (most === undefined || reward.amountWei > most.amountWei ? reward : most),
    undefined,
  );
}

function percentOf(part: bigint, whole: bigint): string {
  return `${briefDecimal(wadDown({ numerator: part * 100n, denominator: whole }))} %`;
}
