import { formatEther } from "viem";

/** An amount in MDT as the nearest double, for drawing only. */
export function mdtNumber(amountWei: bigint): number {
  return Number(formatEther(amountWei));
}

/** A ratio in WAD as percent, for drawing only. */
export function percentNumber(ratioWad: bigint): number {
  return Number(formatEther(ratioWad * 100n));
}
