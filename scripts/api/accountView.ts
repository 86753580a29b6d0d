import { type Address } from "viem";
import { type epochView } from "./epochView";
import { type Heads } from "./heads";
import { type SavedTrees } from "./savedTrees";
import { max } from "../core/fixedPoint";

/** What the API tells of one account's rewards. */
export function accountView(heads: Heads, trees: SavedTrees, epochs: ReturnType<typeof epochView>) {
  return async (account: Address) => {
    const { treasury } = (await heads.current()).view.contracts;
    const [{ claimable, pending, paused }, settled, claimedWei, recipient] = await Promise.all([
      epochs.roots(),
      epochs.settledEpochs(),
      treasury.read.claimedOf([account]),
      treasury.read.claimRecipientOf([account]),
    ]);
    const nothing = { cumulativeWei: 0n, proof: [] };
    const now = claimable === null ? nothing : await trees.rewardsOf(claimable, account, settled);
    const later = pending === null ? nothing : await trees.rewardsOf(pending, account, settled);
    const coveredWei = max(now.cumulativeWei, claimedWei);
    return {
      account,
      recipient,
      claimedWei,
      root: claimable?.root ?? null,
      epoch: claimable?.epoch ?? null,
      cumulativeWei: now.cumulativeWei,
      claimableWei: paused ? 0n : coveredWei - claimedWei,
      proof: now.proof,
      pending: pending && {
        ...pending,
        cumulativeWei: later.cumulativeWei,
        moreWei: max(later.cumulativeWei, coveredWei) - coveredWei,
      },
      paused,
    };
  };
}
