import { DEFAULT_POLICY, type Policy } from "./fields";
import { isMovingAfter, movesOf, policyOf, type PolicyStep, type Ramp } from "./ramp";

/** What a version says: a policy, when it starts, and how long it takes to get there. */
export type VersionText = Omit<Ramp, "before">;

/** A version with where it starts from, which never changes once it is published. */
export interface PolicyVersion extends Ramp {
  /** How many ramps overlap: its own, and those that it and they interrupt; 0 where it has none. */
  readonly overlappingRamps: number;
}

/**
 * The policy of every epoch, from versions that are added in the order in which they were published. In an epoch the last
 * one published holds whose fromEpoch has come; so a later version with an earlier start replaces those it starts before.
 * Adding one costs the same however many there are, and so does asking, but for a binary search.
 */
export class PolicyTimeline {
  /** The versions that hold at some time, as far as is known: those that were not replaced. Their starts ascend. */
  readonly #standing: PolicyVersion[] = [];

  constructor(versions: Iterable<PolicyVersion> = []) {
    for (const version of versions) this.add(version);
  }

  /** A version as it stands after those that were added. It is not added by this. */
  following(text: VersionText): PolicyVersion {
    const epochBefore = text.fromEpoch - 1;
    const interrupted = this.#standing[this.#indexAt(epochBefore)];
    const isInterrupting = interrupted !== undefined && isMovingAfter(interrupted, epochBefore);
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

  /** The policy in force in an epoch; the default where no version has started. */
  policyAt(epoch: number): Policy {
    const version = this.#standing[this.#indexAt(epoch)];
    return version === undefined ? DEFAULT_POLICY : policyOf(version, epoch);
  }

  /** The starts of versions that hold from an epoch on or later, in ascending order. */
  startsFrom(epoch: number): readonly number[] {
    return this.#standing.slice(this.#indexAt(epoch - 1) + 1).map(({ fromEpoch }) => fromEpoch);
  }

  /** The epochs after `epoch` in which a version starts or its ramp moves, though perhaps to the same policy, in order. */
  *movesAfter(epoch: number): Generator<PolicyStep> {
    for (let index = Math.max(this.#indexAt(epoch), 0); index < this.#standing.length; index++) {
      const end = this.#standing[index + 1]?.fromEpoch ?? Infinity;
      for (const step of movesOf(this.#standing[index]!, epoch + 1)) {
        if (step.epoch >= end) break;
        yield step;
      }
    }
  }

  /** The place of the version that holds in an epoch; -1 where none has started. */
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
