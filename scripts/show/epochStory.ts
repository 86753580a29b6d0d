import { type Address } from "viem";
import { briefDecimal, counted, percentText } from "./amounts";
import { type ComputedFrom, type EpochInputs, type EpochResult } from "../core/computeEpoch";
import { BPS, bpsToWad, type Ratio, sum, wadDown } from "../core/fixedPoint";
import { type Reward } from "../core/rewardTree/rewardList";
import { type Participation, type TaskCounters, utilityOf, type UtilityPolicy } from "../core/utility";

/** One answer of an epoch's story; amounts in MDT, cut after four digits. */
interface StoryPart {
  readonly question: string;
  readonly answer: string;
}

/**
 * An epoch in words: why this utility, what bounded the emission and paid for it, who earned most and why, what was
 * burned and what returned. Says nothing that its inputs and result don't say.
 * @param nameOf The name of an account.
 */
export function epochStory(epoch: ComputedFrom, nameOf: (account: Address) => string): readonly StoryPart[] {
  return [
    { question: "Why this utility?", answer: utilityStory(epoch) },
    { question: "What bounded the emission?", answer: emissionStory(epoch) },
    { question: "Who earned most, and why?", answer: whoEarnedMost(epoch, nameOf) },
    ...provenStory(epoch, nameOf),
    { question: "What was burned?", answer: burnStory(epoch) },
  ];
}

function utilityStory({ inputs, result: { utility } }: ComputedFrom): string {
  const { tasks, validators, policy } = inputs;
  const [volume, difficulty, presence] = [utility.taskScore, utility.difficulty, utility.participation].map(
    (factor, i) => pointsText(factor, policy.weightsBps[i]!),
  );
  return (
    `Utility was ${briefDecimal(utility.utilityWad)}. ` +
    `${counted(tasks.completed, "task")} of ${policy.maxExpectedTasks} expected brought ${volume!}; ` +
    `their average difficulty of ${briefDecimal(wadDown(utility.difficulty))} brought ${difficulty!}; ` +
    `validators with ${briefDecimal(validators.revealedStakeWei)} of ${briefDecimal(validators.activeStakeWei)} MDT at stake revealed their scores, which brought ${presence!}.`
  );
}

/** What a factor contributed of what it could have, in hundredths of the utility. */
function pointsText(factor: Ratio, weightBps: number): string {
  const pointsWad = wadDown({
    numerator: factor.numerator * BigInt(weightBps) * 100n,
    denominator: factor.denominator * BPS,
  });
  return `${briefDecimal(pointsWad)} of ${weightBps / 100} points`;
}

function emissionStory({ inputs, result: { emission } }: ComputedFrom): string {
  const { halvings, ceilingWei, grossWei, emissionWei, limitedBy, recycledWei, mintedWei } = emission;
  const base = `the base reward of ${briefDecimal(inputs.baseRewardWei)} MDT`;
  const ceiling =
    halvings === 0n
      ? `The ceiling was ${base}`
      : `After ${counted(Number(halvings), "halving")} of ${base} the ceiling was ${briefDecimal(ceilingWei)} MDT`;
  const bound =
    limitedBy === "funds"
      ? `utility called for ${briefDecimal(grossWei)} MDT, but pool and mint allowance together could pay only ${briefDecimal(emissionWei)} MDT`
      : `utility reduced it to ${briefDecimal(emissionWei)} MDT`;
  return `${ceiling}; ${bound}. ${briefDecimal(recycledWei)} MDT were recycled from the pool, and ${briefDecimal(mintedWei)} MDT minted.`;
}

function burnStory({ inputs: { policy }, result }: ComputedFrom): string {
  const { qualityWad, work, burnedUnmetQuotaWei, burnedQualityPenaltyWei, returnedWei } = result;
  const threshold = `the threshold ${briefDecimal(bpsToWad(policy.qualityThresholdBps))}`;
  const quality = `Quality was ${briefDecimal(qualityWad)}`;
  const quota =
    work.shortfallWeiWad === 0n
      ? `${quality}, and no miner's work was scored below ${threshold}: nothing was burned for it.`
      : `${quality}. Work scored below ${threshold} burned its shortfall: ${briefDecimal(burnedUnmetQuotaWei)} MDT of the emission.`;
  const penalty =
    burnedQualityPenaltyWei === 0n
      ? ""
      : ` Miners whose work was worth less than ${percentText(policy.qualityPenaltyThresholdBps)} of its fees lost ${briefDecimal(burnedQualityPenaltyWei)} MDT, burned too.`;
  const returned =
    returnedWei === 0n ? "" : ` ${briefDecimal(returnedWei)} MDT that nobody earned returned to the pool.`;
  return `${quota}${penalty}${returned}`;
}

interface Earned {
  readonly inputs: EpochInputs;
  readonly result: EpochResult;
}

/** Who earned most on each side of an epoch, and by what; amounts in MDT, shares in percent, both cut. */
function whoEarnedMost(epoch: Earned, nameOf: (account: Address) => string): string {
  return `${minerStory(epoch, nameOf)} ${validatorStory(epoch, nameOf)}`;
}

function minerStory({ inputs, result }: Earned, nameOf: (account: Address) => string): string {
  const { miners, work } = result;
  const { minerRule, minerFeeCapBps } = inputs.policy;
  const best = mostOf(miners.rewards);
  if (best === undefined) {
    return `No miner was paid, because none ${minerRule === "work" ? "completed work that counts" : "performed"}.`;
  }
  const own = inputs.miners.filter(({ account }) => account === best.account);
  const earned = `Among miners, ${nameOf(best.account)} earned most, ${briefDecimal(best.amountWei)} of ${briefDecimal(miners.rewardsWei)} MDT`;
  const scored = `an agreed score of ${briefDecimal(own[0]!.agreedScoreWad)}`;
  if (minerRule === "incentive") {
    const performance = sum(own.map((miner) => miner.performance));
    return `${earned}: ${percentOf(performance, miners.totalWeight)} of all performance, with ${scored}.`;
  }
  const fees = sum(own.map(({ feesWei }) => feesWei));
  const limit =
    minerFeeCapBps === null
      ? ""
      : ` No miner earns more than ${percentText(minerFeeCapBps)} of its fees times its score.`;
  return `${earned}: tasks for ${briefDecimal(fees)} of ${briefDecimal(work.feesWei)} MDT in fees, with ${scored}.${limit}`;
}

/** The miners whose work came with a proof; nothing if there are none. */
function provenStory({ inputs: { miners } }: Earned, nameOf: (account: Address) => string): readonly StoryPart[] {
  const proven = miners.filter(({ provenFeesWei }) => provenFeesWei > 0n);
  if (proven.length === 0) return [];
  const parts = proven.map(
    ({ account, provenFeesWei, feesWei }) =>
      `${nameOf(account)} proved tasks for ${briefDecimal(provenFeesWei)} of its ${briefDecimal(feesWei)} MDT in fees`,
  );
  const answer = `${parts.join("; ")}. Proven work counts in full: no score judges it.`;
  return [{ question: "What was proven?", answer }];
}

function validatorStory({ inputs, result: { validators } }: Earned, nameOf: (account: Address) => string): string {
  const best = mostOf(validators.rewards);
  if (best === undefined) return "No validator was paid, because none with stake revealed.";
  return (
    `Among validators and delegators, ${nameOf(best.account)} earned most, ${briefDecimal(best.amountWei)} of ` +
    `${briefDecimal(validators.rewardsWei)} MDT: ${reasonOf(best.account, inputs)}.`
  );
}

/** Why an account earned most: a validator by its own stake and commission, a delegator by what it delegated. */
function reasonOf(account: Address, { stakers, policy }: EpochInputs): string {
  const delegatedWei = stakers.flatMap(({ delegations }) => delegations).filter((one) => one.account === account);
  const own = stakers.find((staker) => staker.account === account);
  const total = sum(stakers.map(({ stakeWei, delegations }) => stakeWei + sumOf(delegations)));
  const stakeWei = (own?.stakeWei ?? 0n) + sumOf(delegatedWei);
  const share = `${briefDecimal(stakeWei)} MDT of its own at stake, ${percentOf(stakeWei, total)} of all`;
  if (own === undefined) return share;
  const commission = `a commission of ${percentText(own.commissionBps)} on ${briefDecimal(sumOf(own.delegations))} MDT delegated to it`;
  const scored = own.unscoredFeesWei === 0n ? "" : `, ${briefDecimal(own.unscoredFeesWei)} MDT of fees left unscored`;
  return policy.validatorRule === "stake"
    ? `${share}${scored}, and ${commission}`
    : `its dividends, ${share}${scored}, and ${commission}`;
}

function sumOf(stakes: readonly { readonly stakeWei: bigint }[]): bigint {
  return sum(stakes.map(({ stakeWei }) => stakeWei));
}

/** The highest reward; of equal ones, the first. */
function mostOf(rewards: readonly Reward[]): Reward | undefined {
  return rewards.reduce<Reward | undefined>(
    (most, reward) => (most === undefined || reward.amountWei > most.amountWei ? reward : most),
    undefined,
  );
}

function percentOf(part: bigint, whole: bigint): string {
  return `${briefDecimal(wadDown({ numerator: part * 100n, denominator: whole }))} %`;
}

/** A utility with its parts, Σ weight · value: ratios in WAD, cut. */
export type ExplainedUtility = ReturnType<typeof explainUtility>;

/**
 * The utility that these counters give under a policy, by the keeper's own arithmetic.
 * @param done What the stake counted as revealed has done: in a running epoch it has only committed.
 */
export function explainUtility(
  tasks: TaskCounters,
  stake: Participation,
  policy: UtilityPolicy,
  done: "revealed" | "committed" = "revealed",
) {
  const { utilityWad, taskScore, difficulty, participation } = utilityOf(tasks, stake, policy);
  const floor = policy.difficultyFloorTasks > tasks.completed ? `, counted as ${policy.difficultyFloorTasks}` : "";
  const stakeFloor =
    policy.participationFloorWei > stake.activeStakeWei
      ? `, counted as of ${briefDecimal(policy.participationFloorWei)}`
      : "";
  const staked = `${briefDecimal(stake.revealedStakeWei)} of ${briefDecimal(stake.activeStakeWei)} MDT at stake`;
  const parts = [
    ["Tasks", taskScore, `${tasks.completed} of ${policy.maxExpectedTasks} expected`],
    ["Difficulty", difficulty, `on average over ${tasks.completed} tasks${floor}`],
    ["Participation", participation, `${staked} ${done}${stakeFloor}`],
  ] as const;
  return {
    utilityWad,
    parts: parts.map(([name, ratio, because], i) => {
      return { name, weightBps: policy.weightsBps[i]!, valueWad: wadDown(ratio), because };
    }),
  };
}
