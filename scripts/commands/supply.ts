import { formatMdt } from "../show/amounts";
import { renderTable } from "../show/table";
import { readSupply } from "../views/supply";
import { chainOf } from "./context";
import { type Run } from "./table";

export const supply: Run<"", "supply"> = async (_args, context) => {
  const supply = await readSupply(await chainOf(context));
  const titles: Readonly<Record<keyof typeof supply, string>> = {
    maxSupplyWei: "cap on all tokens ever minted",
    totalMintedWei: "minted so far, genesis included",
    totalBurnedWei: "burned",
    totalSupplyWei: "total supply",
    circulatingWei: "circulating",
    stakedWei: "at stake or unbonding",
    unclaimedWei: "unclaimed rewards",
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
};
