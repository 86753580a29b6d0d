import { BPS, ONE_IN_BPS, type Ratio } from "../fixedPoint";
import { type Policy } from "./policy";
import { stepsOf, type PolicyVersion } from "./timeline";

/** Constants of the deployment that policies are judged by: the same for everyone and for ever. Amounts in wei. */
export interface PolicyConstants {
  /** Most that an epoch emits, before halvings. */
  readonly baseRewardWei: bigint;
  /** The most of an emission that the Treasury lets a settlement pay the DAO; the Treasury's immutable. */
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
const MIN_QUALITY_THRESHOLD_BPS = 3_000;

/** The longest ramp: a year of daily epochs. */
export const MAX_RAMP_EPOCHS = 365;

/** Most ramps that may overlap, each begun before the one before it ended. */
export const MAX_OVERLAPPING_RAMPS = 16;

/**
 * What is wrong with a version, as the end of a sentence that begins with it; undefined if it may be in force. Every
 * step of its ramp is judged, so that no epoch is ever computed under a policy that breaks a bound. Bounds are products
 * of fields that move in truncated steps, so only checking each step is exact: at most MAX_RAMP_EPOCHS of them.
 */
export function problemOf(version: PolicyVersion, constants: PolicyConstants): string | undefined {
  if (version.overlappingRamps > MAX_OVERLAPPING_RAMPS) {
    return `is a ramp over ${MAX_OVERLAPPING_RAMPS} others that have not ended`;
  }
  for (const { epoch, policy } of stepsOf(version)) {
    const broken = brokenBound(policy, constants);
    if (broken !== undefined) return `is a policy that ${broken} in epoch ${epoch}`;
  }
  return undefined;
}

/** The first bound that a policy breaks, as the end of a sentence; undefined if none. */
export function brokenBound(policy: Policy, constants: PolicyConstants): string | undefined {
  const { maxDaoShareBps } = constants;
  if (policy.daoShareBps > maxDaoShareBps) return `has a daoShareBps above ${maxDaoShareBps}`;
  return bounds.find(([breaks]) => breaks(policy, constants))?.[1];
}

type Bound = readonly [breaks: (policy: Policy, constants: PolicyConstants) => boolean, broken: string];

const bounds: readonly Bound[] = [
  [(policy) => !burnsWithinBound(policy), `could burn more than ${MAX_BURN_BPS} basis points of the emission`],
  [
    (policy, constants) => isAboveFee(policy.weightsBps[0], byVolume(policy, constants)),
    "pays more for a task's volume than its volume fee: baseReward · w1 must not exceed maxExpectedTasks · volumeFee",
  ],
  [
    (policy, constants) => isAboveFee(policy.weightsBps[1], byDifficulty(policy, constants)),
    "pays more for a task's difficulty than its difficulty fee: baseReward · w2 must not exceed difficultyFloorTasks · difficultyFee",
  ],
  [
    (policy, constants) => !buyingLoses(policy, constants),
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
    'has a qualityPenaltyThresholdBps above 0 under the minerRule "work", which would make it profitable to buy a better score',
  ],
];

type BurnPolicy = Pick<Policy, "qualityThresholdBps" | "minerShareBps">;

/**
 * The most a policy can burn, θ + (1 − θ) · minerShare, in hundred-millionths (bps · bps), so exact: quality zero burns
 * θ, and penalties burn the miners' share of the rest if every score is zero.
 */
export function mostBurned({ qualityThresholdBps, minerShareBps }: BurnPolicy): number {
  return qualityThresholdBps * ONE_IN_BPS + (ONE_IN_BPS - qualityThresholdBps) * minerShareBps;
}

/** Whether no epoch under the policy can burn more than the Treasury allows. */
export function burnsWithinBound(policy: BurnPolicy): boolean {
  return mostBurned(policy) <= MAX_BURN_BPS * ONE_IN_BPS;
}

/**
 * What one more task adds to the emission per basis point of the volume weight, as a share of the volume fee: base /
 * (10 000 · maxExpectedTasks · volumeFee).
 */
function byVolume({ maxExpectedTasks }: Policy, { baseRewardWei, volumeFeeWei }: PolicyConstants): Ratio {
  return { numerator: baseRewardWei, denominator: BPS * BigInt(maxExpectedTasks) * volumeFeeWei };
}

/** The same for difficulty, at most: base / (10 000 · max(1, difficultyFloorTasks) · difficultyFee). */
function byDifficulty({ difficultyFloorTasks }: Policy, { baseRewardWei, difficultyFeeWei }: PolicyConstants): Ratio {
  return { numerator: baseRewardWei, denominator: BPS * BigInt(Math.max(1, difficultyFloorTasks)) * difficultyFeeWei };
}

function isAboveFee(weightBps: number, { numerator, denominator }: Ratio): boolean {
  return BigInt(weightBps) * numerator > denominator;
}

/**
 * cap + (1 − minerShare) · ρ < 1 for volume and for difficulty: even a holder of everything gets back less than the
 * fees. Under the miner rule "incentive" outside `local`, what the cap leaves of the miners' share may go to other
 * miners of the same holder, so the whole ρ counts.
 */
function buyingLoses(policy: Policy, constants: PolicyConstants): boolean {
  const { weightsBps, minerFeeCapBps, minerShareBps, minerRule } = policy;
  const othersBps = minerRule === "incentive" && !constants.isLocal ? ONE_IN_BPS : ONE_IN_BPS - minerShareBps;
  const leftBps = BigInt(ONE_IN_BPS - (minerFeeCapBps ?? 0));
  const losesAt = (weightBps: number, { numerator, denominator }: Ratio): boolean =>
    BigInt(othersBps * weightBps) * numerator < leftBps * denominator;
  return losesAt(weightsBps[0], byVolume(policy, constants)) && losesAt(weightsBps[1], byDifficulty(policy, constants));
}

/** What every task costs, and what 100 % of difficulty adds. */
type FeeRule = Pick<PolicyConstants, "volumeFeeWei" | "difficultyFeeWei">;

/** The lowest allowed minimum fee of a task type, in wei before halvings: ⌈volumeFee + difficultyFee · difficulty⌉. */
export function feeFloorWei({ volumeFeeWei, difficultyFeeWei }: FeeRule, difficultyBps: number): bigint {
  return (volumeFeeWei * BPS + difficultyFeeWei * BigInt(difficultyBps) + BPS - 1n) / BPS;
}

/**
 * The least that a task costs in an epoch, in wei: ⌈minimum / 2^h⌉ after h halvings, as in
 * `TaskRegistry.minimumFeeWei`.
 * @param minimumFeeWei The minimum of its type, before halvings.
 */
export function halvedFeeWei(minimumFeeWei: bigint, epoch: number, halvingIntervalEpochs: number): bigint {
  const halvings = BigInt(Math.floor(epoch / halvingIntervalEpochs));
  return (minimumFeeWei + (1n << halvings) - 1n) >> halvings;
}
