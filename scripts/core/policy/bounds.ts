import { BPS, ONE_IN_BPS } from "../fixedPoint";
import { type Policy } from "./fields";
import { type PolicyVersion, stepsOf } from "./versions";

/** What a policy is judged by: constants of the deployment, the same for everybody and for ever. Amounts in wei. */
export interface PolicyConstants {
  /** What an epoch emits at most, before halvings. */
  readonly baseRewardWei: bigint;
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
 * its ramp is judged, so that no epoch is ever computed under a policy that breaks a bound.
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
  return bounds.find(([breaks]) => breaks(policy, constants))?.[1];
}

type Bound = readonly [breaks: (policy: Policy, constants: PolicyConstants) => boolean, broken: string];

const bounds: readonly Bound[] = [
  [(policy) => !burnsWithinBound(policy), `could burn more than ${MAX_BURN_BPS} basis points of the emission`],
  [
    (policy, chain) => isAbove(volumeGain(policy, chain), chain.volumeFeeWei),
    "pays for a task's volume more than its fee: baseReward · w1 must not exceed maxExpectedTasks · volumeFee",
  ],
  [
    (policy, chain) => isAbove(difficultyGain(policy, chain), chain.difficultyFeeWei),
    "pays for a task's difficulty more than its fee: baseReward · w2 must not exceed difficultyFloorTasks · difficultyFee",
  ],
  [
    (policy, chain) => !buyingLoses(policy, chain),
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

/** An amount in wei as an exact fraction. */
type Quotient = readonly [numerator: bigint, denominator: bigint];

/** What one task's volume adds to the emission: base · w1 / maxExpectedTasks. */
function volumeGain({ weightsBps, maxExpectedTasks }: Policy, { baseRewardWei }: PolicyConstants): Quotient {
  return [baseRewardWei * BigInt(weightsBps[0]), BPS * BigInt(maxExpectedTasks)];
}

/** The most that one task's difficulty adds: base · w2 / max(1, difficultyFloorTasks). */
function difficultyGain({ weightsBps, difficultyFloorTasks }: Policy, { baseRewardWei }: PolicyConstants): Quotient {
  return [baseRewardWei * BigInt(weightsBps[1]), BPS * BigInt(Math.max(1, difficultyFloorTasks))];
}

function isAbove([numerator, denominator]: Quotient, amountWei: bigint): boolean {
  return numerator > amountWei * denominator;
}

/**
 * cap + (1 − minerShare) · gain / fee < 1 for both gains: who holds everything gets back less than the fees. Under the miner
 * rule "incentive" what the cap leaves of the miners' share may go to other miners of the same holder, so the whole gain counts.
 */
function buyingLoses(policy: Policy, chain: PolicyConstants): boolean {
  const { minerFeeCapBps, minerShareBps, minerRule } = policy;
  const isShared = minerRule === "incentive" && !chain.isLocal;
  const othersBps = isShared ? BPS : BigInt(ONE_IN_BPS - minerShareBps);
  const leftBps = BPS - BigInt(minerFeeCapBps ?? 0);
  const losesAt = ([numerator, denominator]: Quotient, feeWei: bigint): boolean =>
    othersBps * numerator < leftBps * denominator * feeWei;
  return (
    losesAt(volumeGain(policy, chain), chain.volumeFeeWei) &&
    losesAt(difficultyGain(policy, chain), chain.difficultyFeeWei)
  );
}
