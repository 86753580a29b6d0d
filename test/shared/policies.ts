import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { policyConstants } from "../../scripts/config/networkConfig";
import { type PolicyConstants } from "../../scripts/core/policy/bounds";
import { DEFAULT_POLICY, type Policy } from "../../scripts/core/policy/fields";
import { type PolicyVersion, versionAfter } from "../../scripts/core/policy/versions";

/** What policies of the network `reference` are judged by. */
export const referencePolicyConstants: PolicyConstants = policyConstants("reference", loadNetworkConfig("reference"));

/** What a version differs in from the default, its first epoch, and how long it ramps. */
export type VersionOf = readonly [fromEpoch: number, differences: Partial<Policy>, rampEpochs?: number];

/** Versions published one after the other. */
export function versionsOf(...published: readonly VersionOf[]): readonly PolicyVersion[] {
  return published.reduce<readonly PolicyVersion[]>(
    (versions, [fromEpoch, differences, rampEpochs = 0]) => [
      ...versions,
      versionAfter(versions, { fromEpoch, rampEpochs, policy: { ...DEFAULT_POLICY, ...differences } }),
    ],
    [],
  );
}
