import { formatMdt } from "../show/amounts";
import { type ClaimOutcome } from "./rewards";

/** A claim for programs: `paidWei` is 0 and there is no transaction where there was nothing to claim. */
export function claimJson({ rewards, receipt }: ClaimOutcome) {
  return {
    account: rewards.account,
    epoch: rewards.epoch,
    cumulativeWei: rewards.cumulativeWei,
    paidWei: receipt === null ? 0n : rewards.claimableWei,
    transactionHash: receipt?.transactionHash ?? null,
  };
}

/** A claim for people. */
export function describeClaim({ rewards, receipt }: ClaimOutcome): string {
  const { account, claimableWei, cumulativeWei } = rewards;
  const earned = `${formatMdt(cumulativeWei, 18)} MDT`;
  if (receipt === null) return `Nothing to do: ${account} has been paid all it has earned so far, ${earned}.`;
  return `${account} was paid ${formatMdt(claimableWei, 18)} MDT; it has earned ${earned} in all.`;
}
