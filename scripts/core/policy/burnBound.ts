import { BPS } from "../fixedPoint";
import { type Policy } from "./fields";

/** The most of an emission that the Treasury lets a settlement burn; its `MAX_BURN_BPS`. */
export const MAX_BURN_BPS = 7_000;

type BurnPolicy = Pick<Policy, "qualityThresholdBps" | "minerShareBps">;

/**
 * The most a policy can burn, θ + (1 − θ) · minerShare, in hundred-millionths (bps · bps), so exactly: quality zero burns
 * θ, and of the rest the miners' share goes if no miner reaches any score.
 */
export function mostBurned({ qualityThresholdBps, minerShareBps }: BurnPolicy): number {
  const one = Number(BPS);
  return qualityThresholdBps * one + (one - qualityThresholdBps) * minerShareBps;
}

/** Whether no epoch under the policy can burn more than the Treasury allows. */
export function burnsWithinBound(policy: BurnPolicy): boolean {
  return mostBurned(policy) <= MAX_BURN_BPS * Number(BPS);
}
