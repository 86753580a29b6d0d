import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseAddress } from "../shared/parameters";

command({
  scope: "rewards",
  name: "claim-for",
  description: "Pay somebody else what they have earned",
  params: { account: { kind: "required", description: "Who is paid" }, from },
  async run({ account, from: sender }, hre) {
    const { openArchive } = await import("../../scripts/keeper/archive/openArchive");
    const { claimFor } = await import("../../scripts/actions/rewards");
    const { claimJson, describeClaim } = await import("../../scripts/actions/describeClaim");
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const outcome = await claimFor(chain, await openArchive(chain), signer, parseAddress("account", account));
    return { json: claimJson(outcome), text: describeClaim(outcome) };
  },
});
