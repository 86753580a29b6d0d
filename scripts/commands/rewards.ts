import { claimAndStake, claimFor, claimableRewards, type ClaimMade } from "../actions/rewards";
import { type CommandOutput } from "./command";
import { addressOf } from "../chain/signer";
import { openArchive } from "../keeper/archive/openArchive";
import { formatMdt } from "../show/amounts";
import { chainAndSignerOf, chainOf } from "./context";
import { parseAddress } from "./parameters";
import { type Runs } from "./table";

export const runs: Runs<"rewards", "income" | "tree"> = {
  async claim({ stakeOn, from: sender }, context) {
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const archive = await openArchive(chain);
    return outputOf(
      stakeOn === undefined
        ? await claimFor(chain, archive, signer, addressOf(signer))
        : await claimAndStake(chain, archive, signer, parseAddress("stake-on", stakeOn)),
    );
  },

  async "claim-for"({ account, from: sender }, context) {
    const { chain, signer } = await chainAndSignerOf(context, sender);
    return outputOf(await claimFor(chain, await openArchive(chain), signer, parseAddress("account", account)));
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

function outputOf({ rewards, paidWei, receipt }: ClaimMade): CommandOutput {
  const { account, epoch, cumulativeWei } = rewards;
  const earned = `${formatMdt(cumulativeWei, 18)} MDT`;
  return {
    json: { account, epoch, cumulativeWei, paidWei, transactionHash: receipt?.transactionHash ?? null },
    text:
      receipt === null
        ? `Nothing to do: ${account} has been paid all it has earned so far, ${earned}.`
        : `${account} was paid ${formatMdt(paidWei, 18)} MDT; it has earned ${earned} in all.`,
  };
}
