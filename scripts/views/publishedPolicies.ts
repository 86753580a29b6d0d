import { type Hex } from "viem";
import { nextTimestamp } from "../chain/blocks";
import { type Connection } from "../chain/connection";
import { type Policy, policyHash } from "../core/policy/fields";
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
