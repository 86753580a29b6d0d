import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from } from "../shared/parameters";

command({
  scope: "policy",
  name: "publish",
  description:
    "Publish the next version of the network's configuration, or the one in a file, and say what changes when; " +
    '--json: { kind: "published", fromEpoch, json, steps: [{ epoch, changes: [{ field, from, to }] }], replaces: [fromEpoch], ' +
    'transactionHash } or { kind: "nothingToDo", reason }',
  params: {
    input: {
      kind: "optional",
      description: "A file with { fromEpoch, rampEpochs?, policy: what differs from the default }",
    },
    from,
  },
  async run({ input, from: sender }, hre) {
    const { describePublishing } = await import("../../scripts/actions/policies/describePolicies");
    const { publishPolicy } = await import("../../scripts/actions/policies/publishPolicy");
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const outcome = await publishPolicy(chain, signer, input);
    return { json: outcome, text: describePublishing(outcome) };
  },
});
