import { claimJson, describeClaim } from "../actions/describeClaim";
import { claimAndStake, claimFor, claimableRewards } from "../actions/rewards";
import { addressOf } from "../chain/signer";
import { openArchive } from "../keeper/archive/openArchive";
import { formatMdt } from "../show/amounts";
import { chainAndSignerOf, chainOf } from "./context";
import { parseAddress } from "./parameters";
import { type Runs } from "./table";

export const runs: Runs<"rewards", "tree"> = {
  async claim({ stakeOn, from: sender }, context) {
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const archive = await openArchive(chain);
    const outcome =
      stakeOn === undefined
        ? await claimFor(chain, archive, signer, addressOf(signer))
        : await claimAndStake(chain, archive, signer, parseAddress("stake-on", stakeOn));
    return { json: claimJson(outcome), text: describeClaim(outcome) };
  },

  async "claim-for"({ account, from: sender }, context) {
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const outcome = await claimFor(chain, await openArchive(chain), signer, parseAddress("account", account));
    return { json: claimJson(outcome), text: describeClaim(outcome) };
  },

  async proof({ account }, context) {
    const chain = await chainOf(context);
    const rewards = await claimableRewards(chain, await openArchive(chain), parseAddress("account", account));
    const { cumulativeWei, claimedWei, claimableWei, proof } = rewards;
    return {
      json: rewards,
      text: [
        `earned    ${formatMdt(cumulativeWei, 18)} MDT`,
        `paid      ${formatMdt(claimedWei, 18)} MDT`,
        `claimable ${formatMdt(claimableWei, 18)} MDT`,
        ...proof.map((node, index) => `${index === 0 ? "proof    " : "         "} ${node}`),
      ].join("\n"),
    };
  },
};
