import { chainOf } from "../shared/chain";
import { command } from "../shared/command";
import { parseAddress } from "../shared/parameters";

command({
  scope: "rewards",
  name: "proof",
  description: "What an account can claim now, with the proof that the Treasury takes",
  params: { account: { kind: "required", description: "Whose rewards" } },
  async run({ account }, hre) {
    const { formatMdt } = await import("../../scripts/show/amounts");
    const { openArchive } = await import("../../scripts/keeper/archive/openArchive");
    const { claimableRewards } = await import("../../scripts/actions/rewards");
    const chain = await chainOf(hre);
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
});
