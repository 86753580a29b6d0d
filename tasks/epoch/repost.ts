import { chainOf } from "../shared/chain";
import { command } from "../shared/command";
import { from } from "../shared/parameters";

command({
  scope: "epoch",
  name: "repost",
  description:
    "After a veto: show the root that the newest epoch should have had; with --send, post it; " +
    '--json: { kind: "ready" | "reposted", epoch, terms: { root, inputsHash, returnedWei }, … } or { kind: "nothingToDo" }',
  params: { send: { kind: "flag", description: "Send the transaction" }, from },
  async run({ send, from: sender }, hre) {
    const { openArchive } = await import("../../scripts/keeper/archive/openArchive");
    const { signerOf } = await import("../../scripts/chain/signer");
    const { describeRepost } = await import("../../scripts/show/describeRepost");
    const { repostVetoedEpoch } = await import("../../scripts/keeper/settle/repostEpoch");
    const chain = await chainOf(hre);
    const signer = send ? await signerOf(chain.reader, sender, process.env) : undefined;
    const outcome = await repostVetoedEpoch(chain, await openArchive(chain), signer);
    return { json: outcome, text: describeRepost(outcome) };
  },
});
