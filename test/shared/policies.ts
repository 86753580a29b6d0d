import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { policyConstants } from "../../scripts/config/networkConfig";
import { type PolicyConstants } from "../../scripts/core/policy/bounds";
import { DEFAULT_POLICY, type Policy } from "../../scripts/core/policy/policy";
import { PolicyTimeline, type PolicyVersion } from "../../scripts/core/policy/timeline";

/** The constants by which policies of the network `reference` are judged. */
export const referencePolicyConstants: PolicyConstants = policyConstants("reference", loadNetworkConfig("reference"));

/** How a version differs from the default, its first epoch, and how long it ramps. */
export type VersionOf = readonly [fromEpoch: number, differences: Partial<Policy>, rampEpochs?: number];

/** Versions published one after the other. */
export function versionsOf(...published: readonly VersionOf[]): readonly PolicyVersion[] {
  const timeline = new PolicyTimeline();
  return published.map(([fromEpoch, differences, rampEpochs = 0]) => {
    const version = timeline.following({ fromEpoch, rampEpochs, policy: { ...DEFAULT_POLICY, ...differences } });
    timeline.add(version);
    return version;
  });
}

/** The policies that they result in. */
export function timelineOf(...published: readonly VersionOf[]): PolicyTimeline {
  return new PolicyTimeline(versionsOf(...published));
}
