import { chainOf } from "../shared/chain";
import { command } from "../shared/command";
import { parseWhole } from "../shared/parameters";

command({
  scope: "policy",
  name: "show",
  description:
    "The policy in force now and next, and every published version; " +
    "--json: { epoch, inForce: [{ epoch, policyHash, policy }], " +
    "published: [{ index, fromEpoch, json, hash, version | null, problem | null }] }",
  params: { epochs: { kind: "optional", description: "For how many epochs, the running one first (default 5)" } },
  async run({ epochs = "5" }, hre) {
    const { countingVersions, policiesInForce, readPublishedPolicies, runningEpoch } =
      await import("../../scripts/views/publishedPolicies");
    const { describePolicies } = await import("../../scripts/actions/policies/describePolicies");
    const count = parseWhole("epochs", epochs, 10_000);
    const chain = await chainOf(hre);
    const [epoch, published] = await Promise.all([runningEpoch(chain), readPublishedPolicies(chain)]);
    const inForce = policiesInForce(countingVersions(published), epoch, count);
    return { json: { epoch, inForce, published }, text: describePolicies(inForce, published) };
  },
});
