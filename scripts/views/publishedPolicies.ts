import { type Hex } from "viem";
import { type Policy, policyHash, isSame } from "../core/policy/policy";
import { type PolicyTimeline } from "../core/policy/timeline";

/** The policy of one epoch; as a step of an outlook, also of the epochs after it. */
export interface PolicyInForce {
  readonly epoch: number;
  /** The `policyHash` that the epoch's settlement must have. */
  readonly policyHash: Hex;
  readonly policy: Policy;
}

/** The policies of `firstEpoch` and of those after it, `count` in all. */
export function policiesInForce(timeline: PolicyTimeline, firstEpoch: number, count: number): readonly PolicyInForce[] {
  return Array.from({ length: count }, (_, step) => inForceAt(timeline, firstEpoch + step));
}

/** The policy in an epoch, and every later epoch in which it changes. */
interface PolicyOutlook {
  readonly inForce: PolicyInForce;
  readonly nextSteps: readonly PolicyInForce[];
  /** Whether it changes again after the last of `nextSteps`. */
  readonly hasMoreSteps: boolean;
}

/**
 * The policy in `epoch`, and how it continues from there: starts of versions and steps of ramps. The cost grows with
 * the steps of the ramps that are still to come.
 * @param most Most steps that are listed.
 */
export function policyOutlook(timeline: PolicyTimeline, epoch: number, most: number): PolicyOutlook {
  const inForce = inForceAt(timeline, epoch);
  const nextSteps: PolicyInForce[] = [];
  let before = inForce.policy;
  for (const next of timeline.stepsAfter(epoch)) {
    if (isSame(before, next.policy)) continue;
    if (nextSteps.length === most) return { inForce, nextSteps, hasMoreSteps: true };
    nextSteps.push({ ...next, policyHash: policyHash(next.policy) });
    before = next.policy;
  }
  return { inForce, nextSteps, hasMoreSteps: false };
}

function inForceAt(timeline: PolicyTimeline, epoch: number): PolicyInForce {
  const policy = timeline.policyAt(epoch);
  return { epoch, policyHash: policyHash(policy), policy };
}
