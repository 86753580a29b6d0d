import { chainOf } from "./shared/chain";
import { command } from "./shared/command";

command({
  name: "supply",
  description: "Where every token is: minted, burned, staked, recycled, unclaimed, circulating",
  params: {},
  async run(_args, hre) {
    const { formatMdt } = await import("../scripts/show/amounts");
    const { readSupply } = await import("../scripts/views/supply");
    const { renderTable } = await import("../scripts/show/table");
    const supply = await readSupply(await chainOf(hre));
    const titles: Readonly<Record<keyof typeof supply, string>> = {
      maxSupplyWei: "cap on everything ever minted",
      totalMintedWei: "minted so far, genesis included",
      totalBurnedWei: "burned for good",
      totalSupplyWei: "total supply",
      circulatingWei: "circulating",
      stakedWei: "at stake or unbonding",
      unclaimedWei: "rewards not claimed yet",
      poolWei: "in the recycling pool",
      treasuryMintableWei: "the Treasury may still mint",
      blockRewardsMintableWei: "BlockRewards may still mint",
    };
    const rows = Object.entries(titles) as [keyof typeof supply, string][];
    return {
      json: supply,
      text: renderTable(
        ["", ">MDT"],
        rows.map(([key, title]) => [title, formatMdt(supply[key])]),
      ),
    };
  },
});
