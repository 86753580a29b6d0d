import { chainOf } from "../shared/chain";
import { command } from "../shared/command";
import { from } from "../shared/parameters";

command({
  scope: "epoch",
  name: "settle",
  description: "Compute the next epoch and show its settlement; with --send, settle it",
  params: { send: { kind: "flag", description: "Send the transaction" }, from },
  async run({ send, from: sender }, hre) {
    const { openArchive } = await import("../../scripts/client/openArchive");
    const { signerOf } = await import("../../scripts/chain/signer");
    const { describeOutcome, outcomeJson } = await import("../../scripts/keeper/describeOutcome");
    const { settleNextEpoch } = await import("../../scripts/keeper/settleEpoch");
    const chain = await chainOf(hre);
    const outcome = await settleNextEpoch(chain, await openArchive(chain), {
      signer: send ? await signerOf(chain.reader, sender, process.env) : undefined,
      payRecipientsUpTo: chain.deployment.config.settlement.payRecipientsUpTo,
      onComputed: (epoch) => process.stderr.write(`computed epoch ${epoch} again\n`),
    });
    return { json: outcomeJson(outcome), text: describeOutcome(outcome) };
  },
});
