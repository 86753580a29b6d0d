import { chainOf } from "../shared/chain";
import { command } from "../shared/command";
import { parseWhole } from "../shared/parameters";

command({
  scope: "policy",
  name: "diff",
  description:
    "The network's configuration beside what is published; " +
    '--json: { isSame, versions: [{ state: "published" | "notPublished" | "notConfigured", fromEpoch, json }], ' +
    "epochs: [{ epoch, changes: [{ field, from: published, to: configured }] }] }, epochs without a difference left out",
  params: { epochs: { kind: "optional", description: "For how many epochs, the running one first (default 20)" } },
  async run({ epochs = "20" }, hre) {
    const { readPublishedPolicies, runningEpoch } = await import("../../scripts/views/publishedPolicies");
    const { describeDiff } = await import("../../scripts/actions/policies/describePolicies");
    const { comparePolicies } = await import("../../scripts/actions/policies/policyDiff");
    const count = parseWhole("epochs", epochs, 10_000);
    const chain = await chainOf(hre);
    const [epoch, published] = await Promise.all([runningEpoch(chain), readPublishedPolicies(chain)]);
    const diff = comparePolicies(chain.deployment.config.policies, published, epoch, count);
    return { json: diff, text: describeDiff(diff) };
  },
});
