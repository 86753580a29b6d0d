import { type Hex } from "viem";
import { nextTimestamp } from "../chain/blocks";
import { type Connection } from "../chain/connection";
import { type Policy, policyHash, isSamePolicy } from "../core/policy/fields";
import { type PolicyTimeline } from "../core/policy/versions";

/** The policy of one epoch. */
export interface PolicyInForce {
  readonly epoch: number;
  /** The `policyHash` that the epoch's settlement must have. */
  readonly policyHash: Hex;
  readonly policy: Policy;
}

/** The policies of the running epoch and of those after it, `count` in all. */
export function policiesInForce(timeline: PolicyTimeline, firstEpoch: number, count: number): readonly PolicyInForce[] {
  return Array.from({ length: count }, (_, step) => {
    const policy = timeline.policyAt(firstEpoch + step);
    return { epoch: firstEpoch + step, policyHash: policyHash(policy), policy };
  });
}

/** The running epoch, by the time that the next block would have; 0 also before genesis. */
export async function runningEpoch({ reader, deployment }: Connection): Promise<number> {
  const { slotSeconds, slotsPerEpoch } = deployment.config.clock;
  const secondsIn = Number(await nextTimestamp(reader)) - deployment.choices.genesisTimestamp;
  return Math.max(0, Math.floor(secondsIn / (slotSeconds * slotsPerEpoch)));
}

/** The policy as it is in force from an epoch on. */
interface PolicyStep {
  readonly epoch: number;
  readonly policyHash: Hex;
  readonly policy: Policy;
}

/** The policy in an epoch, and every later epoch in which it changes. */
interface PolicyOutlook {
  readonly inForce: PolicyStep;
  readonly nextSteps: readonly PolicyStep[];
  /** Whether it changes again after the last of `nextSteps`. */
  readonly hasMoreSteps: boolean;
}

/**
 * The policy in `epoch`, and how it continues from there: starts of versions and steps of ramps. What it costs grows
 * with the steps that are listed and the versions that are still to start, however long their ramps are.
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
