import { max, ONE_IN_BPS } from "../fixedPoint";
import { DEFAULT_POLICY, type Policy } from "./fields";

/** What a version says: a policy and when it starts. */
export interface VersionText {
  readonly fromEpoch: number;
  /** Over how many epochs the policy moves from the one before to its own; 0 or 1 is at once. */
  readonly rampEpochs: number;
  readonly policy: Policy;
}

/** A version with where it starts from, which never changes once it is published. */
export interface PolicyVersion extends VersionText {
  /** The policy in force just before `fromEpoch`, from which it ramps. */
  readonly before: Policy;
  /** How many ramps overlap: its own, and those that it and they interrupt; 0 where it has none. */
  readonly overlappingRamps: number;
}

/** A version as it stands after those published before it. */
export function versionAfter(versions: readonly PolicyVersion[], text: VersionText): PolicyVersion {
  const epochBefore = text.fromEpoch - 1;
  const interrupted = versionAt(versions, epochBefore);
  const isInterrupting = interrupted !== undefined && stepOf(interrupted, epochBefore) < interrupted.rampEpochs;
  return {
    ...text,
    before: policyAt(versions, epochBefore),
    overlappingRamps: text.rampEpochs > 1 ? 1 + (isInterrupting ? interrupted.overlappingRamps : 0) : 0,
  };
}

/**
 * The policy in force in an epoch: of the versions, in the order in which they were published, the last one whose
 * fromEpoch has come, ramped from what was in force just before it. A later version with an earlier start thus replaces
 * those it starts before. Where no version has started, the default holds.
 */
export function policyAt(versions: readonly PolicyVersion[], epoch: number): Policy {
  const version = versionAt(versions, epoch);
  return version === undefined ? DEFAULT_POLICY : policyAtStep(version, stepOf(version, epoch));
}

/** The policies of a version, epoch by epoch from its first: those of its ramp, the last one its own. */
export function* stepsOf(version: PolicyVersion): Generator<{ readonly epoch: number; readonly policy: Policy }> {
  for (let step = 1; step <= Math.max(version.rampEpochs, 1); step++) {
    yield { epoch: version.fromEpoch + step - 1, policy: policyAtStep(version, step) };
  }
}

function versionAt(versions: readonly PolicyVersion[], epoch: number): PolicyVersion | undefined {
  return versions.findLast(({ fromEpoch }) => fromEpoch <= epoch);
}

function stepOf({ fromEpoch }: VersionText, epoch: number): number {
  return epoch - fromEpoch + 1;
}

/**
 * The policy of a ramp's step (1 … rampEpochs). Each field in basis points is old + trunc((new − old) · step / ramp); the
 * last weight and the DAO's share take what is left of 10 000. A maximum or a floor that becomes smaller, and a fee cap that
 * ends, apply from the last step, since before it they could pay more than both policies; all other fields apply at once.
 */
function policyAtStep({ before: old, policy, rampEpochs }: PolicyVersion, step: number): Policy {
  if (step >= rampEpochs) return policy;
  const between = (from: number, to: number): number =>
    from + Number((BigInt(to - from) * BigInt(step)) / BigInt(rampEpochs));
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
