import { DEFAULT_POLICY, type Policy } from "./policy";
import { max, ONE_IN_BPS } from "../fixedPoint";

/** A policy, when it starts, and how it is reached. */
interface Ramp {
  readonly fromEpoch: number;
  /** Epochs over which the policy moves from the one before to this one; 0 or 1 is at once. */
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

/**
 * The policies of a ramp, epoch by epoch from its first, or from `epoch` on; the last is the ramp's own policy. Counts
 * steps, not epochs, because a version may start at the largest safe integer.
 */
export function* stepsOf(ramp: Ramp, epoch = ramp.fromEpoch): Generator<PolicyStep> {
  const last = Math.max(ramp.rampEpochs, 1);
  for (let step = Math.max(epoch - ramp.fromEpoch + 1, 1); step <= last; step++) {
    yield { epoch: ramp.fromEpoch + step - 1, policy: policyAtStep(ramp, step) };
  }
}

/** The policy of a ramp in an epoch that is not before its first. */
export function policyOf(ramp: Ramp, epoch: number): Policy {
  return policyAtStep(ramp, epoch - ramp.fromEpoch + 1);
}

/**
 * The policy of a ramp's step (1 … rampEpochs). Each field in basis points is old + trunc((new − old) · step / ramp),
 * which is exact in doubles. A maximum or a floor that becomes smaller, and a fee cap that ends, apply only from the
 * last step, because earlier they could pay more than both policies; all other fields apply at once.
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
    minerFeeCapBps:
      old.minerFeeCapBps === null || policy.minerFeeCapBps === null
        ? (policy.minerFeeCapBps ?? old.minerFeeCapBps)
        : between(old.minerFeeCapBps, policy.minerFeeCapBps),
  };
}

/** What a version says: a policy, when it starts, and how long it takes to get there. */
type VersionText = Omit<Ramp, "before">;

/** A version and the policy that it starts from, which never changes once the version is published. */
export interface PolicyVersion extends Ramp {
  /** Number of overlapping ramps: its own, and those that it and they interrupt; 0 if it has no ramp. */
  readonly overlappingRamps: number;
}

/**
 * The policy of every epoch, from versions that are added in order of publication. In an epoch, the last published
 * version whose fromEpoch has come is in force, so a new version replaces all earlier ones that don't start before it.
 * Adding a version and looking one up take a binary search each.
 */
export class PolicyTimeline {
  /** The versions that were not replaced, in ascending order of their starts. */
  readonly #standing: PolicyVersion[] = [];

  constructor(versions: Iterable<PolicyVersion> = []) {
    for (const version of versions) this.add(version);
  }

  /** A version as it follows those that were added; it is not added itself. */
  following(text: VersionText): PolicyVersion {
    const epochBefore = text.fromEpoch - 1;
    const interrupted = this.#standing[this.#indexAt(epochBefore)];
    const isInterrupting =
      interrupted !== undefined && epochBefore < interrupted.fromEpoch + interrupted.rampEpochs - 1;
    return {
      ...text,
      before: this.policyAt(epochBefore),
      overlappingRamps: text.rampEpochs > 1 ? 1 + (isInterrupting ? interrupted.overlappingRamps : 0) : 0,
    };
  }

  add(version: PolicyVersion): void {
    this.#standing.length = this.#indexAt(version.fromEpoch - 1) + 1;
    this.#standing.push(version);
  }

  /** The policy in force in an epoch; the default if no version has started. */
  policyAt(epoch: number): Policy {
    const version = this.#standing[this.#indexAt(epoch)];
    return version === undefined ? DEFAULT_POLICY : policyOf(version, epoch);
  }

  /** The starts of versions that start in an epoch or later, in ascending order. */
  startsFrom(epoch: number): readonly number[] {
    return this.#standing.slice(this.#indexAt(epoch - 1) + 1).map(({ fromEpoch }) => fromEpoch);
  }

  /**
   * The epochs after `epoch`, in order, in which a version starts or its ramp continues; the policy may stay the same.
   */
  *stepsAfter(epoch: number): Generator<PolicyStep> {
    for (let index = Math.max(this.#indexAt(epoch), 0); index < this.#standing.length; index++) {
      const end = this.#standing[index + 1]?.fromEpoch ?? Infinity;
      for (const step of stepsOf(this.#standing[index]!, epoch + 1)) {
        if (step.epoch >= end) break;
        yield step;
      }
    }
  }

  /** The index of the version in force in an epoch; -1 if none has started. */
  #indexAt(epoch: number): number {
    let [from, to] = [0, this.#standing.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#standing[middle]!.fromEpoch <= epoch) from = middle + 1;
      else to = middle;
    }
    return from - 1;
  }
}
