import { BPS, ONE_IN_BPS, type Ratio } from "../fixedPoint";
import { type Policy } from "./fields";
import { movesOf } from "./ramp";
import { type PolicyVersion } from "./versions";

/** What a policy is judged by: constants of the deployment, the same for everybody and for ever. Amounts in wei. */
export interface PolicyConstants {
  /** What an epoch emits at most, before halvings. */
  readonly baseRewardWei: bigint;
  /** The most of an emission that the Treasury lets a settlement pay the DAO; its immutable. */
  readonly maxDaoShareBps: number;
  /** The TaskRegistry's immutables, before halvings: fees and emission halve alike. */
  readonly volumeFeeWei: bigint;
  readonly difficultyFeeWei: bigint;
  /** Whether this is a development chain, on which a policy may also pay as the described system did. */
  readonly isLocal: boolean;
}

/** The most of an emission that the Treasury lets a settlement burn; its `MAX_BURN_BPS`. */
export const MAX_BURN_BPS = 7_000;

/** Below this θ a validator's silence would be close to a score of zero. */
export const MIN_QUALITY_THRESHOLD_BPS = 3_000;

/** The longest ramp: a year of days. */
export const MAX_RAMP_EPOCHS = 365;

/** More ramps than these, each begun before the one before it ended, are refused. */
export const MAX_OVERLAPPING_RAMPS = 16;

/**
 * What is wrong with a version, as the end of a sentence that it begins; undefined where it may be in force. Every step of
 * its ramp is judged, so that no epoch is ever computed under a policy that breaks a bound. Bounds are products of fields
 * that move in truncated steps, so only looking at each step is exact: at most MAX_RAMP_EPOCHS of them.
 */
export function problemOf(version: PolicyVersion, constants: PolicyConstants): string | undefined {
  if (version.overlappingRamps > MAX_OVERLAPPING_RAMPS) {
    return `is a ramp over ${MAX_OVERLAPPING_RAMPS} others that have not ended`;
  }
  let brought: Brought | undefined;
  for (const { epoch, policy } of movesOf(version)) {
    if (brought === undefined || !isBroughtUnder(policy, brought)) brought = broughtUnder(policy, constants);
    const broken = firstBroken(policy, brought);
    if (broken !== undefined) return `is a policy that ${broken} in epoch ${epoch}`;
  }
  return undefined;
}

/** The first bound that a policy breaks, as the end of a sentence; undefined if none. */
export function brokenBound(policy: Policy, constants: PolicyConstants): string | undefined {
  return firstBroken(policy, broughtUnder(policy, constants));
}

function firstBroken(policy: Policy, brought: Brought): string | undefined {
  if (policy.daoShareBps > brought.maxDaoShareBps) return `has a daoShareBps above ${brought.maxDaoShareBps}`;
  return bounds.find(([breaks]) => breaks(policy, brought))?.[1];
}

type Bound = readonly [breaks: (policy: Policy, brought: Brought) => boolean, broken: string];

const bounds: readonly Bound[] = [
  [(policy) => !burnsWithinBound(policy), `could burn more than ${MAX_BURN_BPS} basis points of the emission`],
  [
    ({ weightsBps }, { byVolume }) => BigInt(weightsBps[0]) * byVolume.numerator > byVolume.denominator,
    "pays for a task's volume more than its fee: baseReward · w1 must not exceed maxExpectedTasks · volumeFee",
  ],
  [
    ({ weightsBps }, { byDifficulty }) => BigInt(weightsBps[1]) * byDifficulty.numerator > byDifficulty.denominator,
    "pays for a task's difficulty more than its fee: baseReward · w2 must not exceed difficultyFloorTasks · difficultyFee",
  ],
  [
    (policy, brought) => !buyingLoses(policy, brought),
    'pays back what tasks cost: minerFeeCapBps + (10000 − minerShareBps) · ρ must be below 10000, where ρ is the larger of both quotients, and under the minerRule "incentive" minerFeeCapBps + 10000 · ρ',
  ],
  [({ minerFeeCapBps }, { isLocal }) => minerFeeCapBps === null && !isLocal, "has no minerFeeCapBps"],
  [
    ({ qualityThresholdBps }, { isLocal }) => qualityThresholdBps < MIN_QUALITY_THRESHOLD_BPS && !isLocal,
    `has a qualityThresholdBps below ${MIN_QUALITY_THRESHOLD_BPS}`,
  ],
  [
    ({ minerRule, qualityPenaltyThresholdBps }, { isLocal }) =>
      minerRule === "work" && qualityPenaltyThresholdBps > 0 && !isLocal,
    'has a qualityPenaltyThresholdBps above 0 under the minerRule "work", which would make buying a better score pay',
  ],
];

type BurnPolicy = Pick<Policy, "qualityThresholdBps" | "minerShareBps">;

/**
 * The most a policy can burn, θ + (1 − θ) · minerShare, in hundred-millionths (bps · bps), so exactly: quality zero burns
 * θ, and of the rest the miners' share goes if no miner reaches any score.
 */
export function mostBurned({ qualityThresholdBps, minerShareBps }: BurnPolicy): number {
  return qualityThresholdBps * ONE_IN_BPS + (ONE_IN_BPS - qualityThresholdBps) * minerShareBps;
}

/** Whether no epoch under the policy can burn more than the Treasury allows. */
export function burnsWithinBound(policy: BurnPolicy): boolean {
  return mostBurned(policy) <= MAX_BURN_BPS * ONE_IN_BPS;
}

/** What one more task brings to the emission, for each basis point of the weight that counts it, as a share of its fee. */
interface Brought extends Pick<PolicyConstants, "isLocal" | "maxDaoShareBps"> {
  /** Of the fee for volume: base / (10 000 · maxExpectedTasks · volumeFee). */
  readonly byVolume: Ratio;
  /** At most, of the fee for difficulty: base / (10 000 · max(1, difficultyFloorTasks) · difficultyFee). */
  readonly byDifficulty: Ratio;
  /** What it was taken under. */
  readonly maxExpectedTasks: number;
  readonly difficultyFloorTasks: number;
}

function broughtUnder(
  policy: Policy,
  { baseRewardWei, maxDaoShareBps, volumeFeeWei, difficultyFeeWei, isLocal }: PolicyConstants,
): Brought {
  const { maxExpectedTasks, difficultyFloorTasks } = policy;
  const ratio = (tasks: number, feeWei: bigint): Ratio => ({
    numerator: baseRewardWei,
    denominator: BPS * BigInt(tasks) * feeWei,
  });
  return {
    byVolume: ratio(maxExpectedTasks, volumeFeeWei),
    byDifficulty: ratio(Math.max(1, difficultyFloorTasks), difficultyFeeWei),
    isLocal,
    maxDaoShareBps,
    maxExpectedTasks,
    difficultyFloorTasks,
  };
}

function isBroughtUnder({ maxExpectedTasks, difficultyFloorTasks }: Policy, brought: Brought): boolean {
  return maxExpectedTasks === brought.maxExpectedTasks && difficultyFloorTasks === brought.difficultyFloorTasks;
}

/**
 * cap + (1 − minerShare) · ρ < 1 for volume and for difficulty: who holds everything gets back less than the fees. Under the
 * miner rule "incentive" what the cap leaves of the miners' share may go to other miners of the same holder, so the whole ρ
 * counts.
 */
function buyingLoses(policy: Policy, { byVolume, byDifficulty, isLocal }: Brought): boolean {
  const { weightsBps, minerFeeCapBps, minerShareBps, minerRule } = policy;
  const othersBps = minerRule === "incentive" && !isLocal ? ONE_IN_BPS : ONE_IN_BPS - minerShareBps;
  const leftBps = BigInt(ONE_IN_BPS - (minerFeeCapBps ?? 0));
  const losesAt = (weightBps: number, { numerator, denominator }: Ratio): boolean =>
    BigInt(othersBps * weightBps) * numerator < leftBps * denominator;
  return losesAt(weightsBps[0], byVolume) && losesAt(weightsBps[1], byDifficulty);
}
