import { type Hex } from "viem";
import { type Policy, policyHash } from "../core/policy/fields";
import { policyAt, type PolicyVersion } from "../core/policy/versions";

/** The policy as it is in force from an epoch on. */
export interface PolicyStep {
  readonly epoch: number;
  readonly policyHash: Hex;
  readonly policy: Policy;
}

/** The policy in an epoch, and every later epoch in which it changes. */
export interface PolicyOutlook {
  readonly inForce: PolicyStep;
  readonly nextSteps: readonly PolicyStep[];
  /** Whether it changes again after the last of `nextSteps`. */
  readonly hasMoreSteps: boolean;
}

/**
 * The policy in `epoch`, and how it goes on from there: starts of versions and steps of ramps.
 * @param versions The valid versions in the order of publication.
 * @param most At most so many steps are listed.
 */
export function policyOutlook(versions: readonly PolicyVersion[], epoch: number, most: number): PolicyOutlook {
  const inForce = stepAt(versions, epoch);
  const nextSteps: PolicyStep[] = [];
  let before = inForce;
  for (const next of changingEpochs(versions, epoch)) {
    const step = stepAt(versions, next);
    if (step.policyHash === before.policyHash) continue;
    if (nextSteps.length === most) return { inForce, nextSteps, hasMoreSteps: true };
    nextSteps.push(step);
    before = step;
  }
  return { inForce, nextSteps, hasMoreSteps: false };
}

/** The epochs after `epoch`, in order, in which a version starts or a ramp takes a step. */
function* changingEpochs(versions: readonly PolicyVersion[], epoch: number): Generator<number> {
  const ranges = versions.map(({ fromEpoch, rampEpochs }) => ({ first: fromEpoch, last: fromEpoch + rampEpochs }));
  for (let next = epoch; ;) {
    const following = ranges.flatMap(({ first, last }) => {
      const candidate = Math.max(first, next + 1);
      return candidate <= last ? [candidate] : [];
    });
    if (following.length === 0) return;
    next = Math.min(...following);
    yield next;
  }
}

function stepAt(versions: readonly PolicyVersion[], epoch: number): PolicyStep {
  const policy = policyAt(versions, epoch);
  return { epoch, policyHash: policyHash(policy), policy };
}
