import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseAddress } from "../shared/parameters";

command({
  scope: "rewards",
  name: "claim",
  description: "Get paid what you have earned, or stake it",
  params: { stakeOn: { kind: "optional", description: "A validator: stake the rewards there instead" }, from },
  async run({ stakeOn, from: sender }, hre) {
    const { openArchive } = await import("../../scripts/keeper/archive/openArchive");
    const { claimAndStake, claimFor } = await import("../../scripts/actions/rewards");
    const { claimJson, describeClaim } = await import("../../scripts/actions/describeClaim");
    const { addressOf } = await import("../../scripts/chain/signer");
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const archive = await openArchive(chain);
    const outcome =
      stakeOn === undefined
        ? await claimFor(chain, archive, signer, addressOf(signer))
        : await claimAndStake(chain, archive, signer, parseAddress("stake-on", stakeOn));
    return { json: claimJson(outcome), text: describeClaim(outcome) };
  },
});
