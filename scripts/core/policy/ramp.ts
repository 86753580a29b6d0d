import { max, ONE_IN_BPS } from "../fixedPoint";
import { type Policy } from "./fields";

/** A policy, since when it holds, and how it gets there. */
export interface Ramp {
  readonly fromEpoch: number;
  /** Over how many epochs the policy moves from the one before to its own; 0 or 1 is at once. */
  readonly rampEpochs: number;
  /** The policy in force just before `fromEpoch`. */
  readonly before: Policy;
  readonly policy: Policy;
}

/** The policy of one epoch. */
export interface PolicyStep {
  readonly epoch: number;
  readonly policy: Policy;
}

/** The policy of a ramp in an epoch from its first on. */
export function policyOf(ramp: Ramp, epoch: number): Policy {
  return policyAtStep(ramp, epoch - ramp.fromEpoch + 1);
}

/** Whether a ramp continues after an epoch. */
export function isMovingAfter({ fromEpoch, rampEpochs }: Ramp, epoch: number): boolean {
  return epoch < fromEpoch + rampEpochs - 1;
}

/** The policies of a ramp, epoch by epoch from its first: the last one is its own. */
export function* stepsOf(ramp: Ramp): Generator<PolicyStep> {
  const last = Math.max(ramp.rampEpochs, 1);
  for (let step = 1; step <= last; step++) yield stepAt(ramp, step);
}

/**
 * The same without the steps at which nothing moves: the first one from `epoch` on, each that differs from the one before
 * it, and the last one.
 */
export function* movesOf(ramp: Ramp, epoch = ramp.fromEpoch): Generator<PolicyStep> {
  const last = Math.max(ramp.rampEpochs, 1);
  const distances = distancesOf(ramp);
  let step = Math.max(epoch - ramp.fromEpoch + 1, 1);
  for (; step < last; step = nextMove(distances, step, last)) yield stepAt(ramp, step);
  if (step === last) yield stepAt(ramp, step);
}

function stepAt(ramp: Ramp, step: number): PolicyStep {
  return { epoch: ramp.fromEpoch + step - 1, policy: policyAtStep(ramp, step) };
}

/** How far each field moves step by step, in basis points; the last weight and the DAO's share move by what these leave. */
function distancesOf({ before, policy }: Ramp): readonly number[] {
  const pairs = [
    [before.weightsBps[0], policy.weightsBps[0]],
    [before.weightsBps[1], policy.weightsBps[1]],
    [before.minerShareBps, policy.minerShareBps],
    [before.validatorShareBps, policy.validatorShareBps],
    [before.qualityThresholdBps, policy.qualityThresholdBps],
    [before.qualityPenaltyThresholdBps, policy.qualityPenaltyThresholdBps],
    [before.minerFeeCapBps, policy.minerFeeCapBps],
  ] as const;
  return pairs
    .map(([from, to]) => (from === null || to === null ? 0 : Math.abs(to - from)))
    .filter((distance) => distance > 0);
}

/** The first step after `step` at which a field moves; the last one at the latest, at which all other fields may change. */
function nextMove(distances: readonly number[], step: number, last: number): number {
  let next = last;
  for (const distance of distances) {
    const moved = Math.floor((distance * step) / last);
    next = Math.min(next, Math.ceil(((moved + 1) * last) / distance));
  }
  return next;
}

/**
 * The policy of a ramp's step (1 … rampEpochs). Each field in basis points is old + trunc((new − old) · step / ramp), which
 * is exact in doubles. A maximum or a floor that becomes smaller, and a fee cap that ends, apply from the last step, since
 * before it they could pay more than both policies; all other fields apply at once.
 */
function policyAtStep({ before: old, policy, rampEpochs }: Ramp, step: number): Policy {
  if (step >= rampEpochs) return policy;
  const between = (from: number, to: number): number => from + Math.trunc(((to - from) * step) / rampEpochs);
  const volume = between(old.weightsBps[0], policy.weightsBps[0]);
  const difficulty = between(old.weightsBps[1], policy.weightsBps[1]);
  const minerShareBps = between(old.minerShareBps, policy.minerShareBps);
  const validatorShareBps = between(old.validatorShareBps, policy.validatorShareBps);
  return {
    ...policy,
    weightsBps: [volume, difficulty, ONE_IN_BPS - volume - difficulty],
    maxExpectedTasks: Math.max(old.maxExpectedTasks, policy.maxExpectedTasks),
    minerShareBps,
    validatorShareBps,
    daoShareBps: ONE_IN_BPS - minerShareBps - validatorShareBps,
    qualityThresholdBps: between(old.qualityThresholdBps, policy.qualityThresholdBps),
    qualityPenaltyThresholdBps: between(old.qualityPenaltyThresholdBps, policy.qualityPenaltyThresholdBps),
    difficultyFloorTasks: Math.max(old.difficultyFloorTasks, policy.difficultyFloorTasks),
    participationFloorWei: max(old.participationFloorWei, policy.participationFloorWei),
    minerFeeCapBps: feeCapBetween(old.minerFeeCapBps, policy.minerFeeCapBps, between),
  };
}

function feeCapBetween(
  old: number | null,
  next: number | null,
  between: (from: number, to: number) => number,
): number | null {
  return old === null || next === null ? (next ?? old) : between(old, next);
}
