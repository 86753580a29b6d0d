import { chainOf } from "../shared/chain";
import { command } from "../shared/command";
import { progressOnStderr } from "../shared/progress";
import { from } from "../shared/parameters";

command({
  scope: "epoch",
  name: "settle",
  description: "Compute the next epoch and show its settlement; with --send, settle it",
  params: {
    send: { kind: "flag", description: "Send the transaction" },
    safe: { kind: "optional", description: "Write it to this file for a Safe's Transaction Builder, and send nothing" },
    leaveUnpaid: {
      kind: "flag",
      description: "Let everybody claim, where the transaction would otherwise pay them too",
    },
    from,
  },
  async run({ send, safe, leaveUnpaid, from: sender }, hre) {
    const { openArchive } = await import("../../scripts/keeper/archive/openArchive");
    const { signerOf } = await import("../../scripts/chain/signer");
    const { describeOutcome, outcomeJson } = await import("../../scripts/show/describeOutcome");
    const { settleNextEpoch } = await import("../../scripts/keeper/settle/settleEpoch");
    const { writeForSafe } = await import("../../scripts/keeper/settle/writeForSafe");
    if (send && safe !== undefined)
      throw new Error("--send and --safe exclude each other: one sends, the other writes.");
    const chain = await chainOf(hre);
    const onProgress = await progressOnStderr();
    const outcome = await settleNextEpoch(chain, await openArchive(chain), {
      signer: send ? await signerOf(chain.reader, sender, process.env) : undefined,
      payRecipientsUpTo: leaveUnpaid ? 0 : chain.deployment.config.settlement.payRecipientsUpTo,
      onComputed: (epoch) => {
        onProgress("epochs computed again", epoch + 1);
      },
      onProgress,
    });
    if (safe !== undefined && outcome.kind === "ready") {
      await writeForSafe(chain, outcome, safe);
      process.stderr.write(
        `The settlement of epoch ${outcome.epoch} is in ${safe}: import it in the Safe that settles.\n`,
      );
    }
    return { json: outcomeJson(outcome), text: describeOutcome(outcome) };
  },
});
