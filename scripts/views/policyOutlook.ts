import { type Hex } from "viem";
import { isSamePolicy, type Policy, policyHash } from "../core/policy/fields";
import { type PolicyTimeline } from "../core/policy/versions";

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
 * The policy in `epoch`, and how it goes on from there: starts of versions and steps of ramps. What it costs grows with the
 * steps that are listed and the versions that are still to start, however long their ramps are.
 * @param most At most so many steps are listed.
 */
export function policyOutlook(timeline: PolicyTimeline, epoch: number, most: number): PolicyOutlook {
  const policy = timeline.policyAt(epoch);
  const inForce = { epoch, policyHash: policyHash(policy), policy };
  const nextSteps: PolicyStep[] = [];
  let before = policy;
  for (const next of timeline.movesAfter(epoch)) {
    if (isSamePolicy(before, next.policy)) continue;
    if (nextSteps.length === most) return { inForce, nextSteps, hasMoreSteps: true };
    nextSteps.push({ ...next, policyHash: policyHash(next.policy) });
    before = next.policy;
  }
  return { inForce, nextSteps, hasMoreSteps: false };
}
