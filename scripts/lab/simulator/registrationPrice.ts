import { type NetworkConfig } from "../../config/networkConfig";
import { max, min } from "../../core/fixedPoint";

/** A price's fixed numbers: floor and ceiling in wei, and the seconds in which it halves. */
export type PriceParameters = NetworkConfig["minerPrice"];

/** The price as of the latest registration; `updatedAt` in seconds. */
export interface PriceState {
  readonly priceWei: bigint;
  readonly updatedAt: bigint;
}

/** Before the first registration, which costs the floor. */
export const noRegistration: PriceState = { priceWei: 0n, updatedAt: 0n };

const RISE_NUMERATOR = 126n;
const RISE_DENOMINATOR = 100n;

/** After so many half-lives the price is the floor. */
const MAX_HALVINGS = 128n;

/**
 * The price of a registration at `timestamp`, the twin of `quote` in contracts/libraries/RegistrationPrice.sol:
 * ⌊price · (2·H − r) / (2·H · 2ⁿ)⌋ after n whole half-lives H and r seconds of the next, never under the floor.
 */
export function quote(state: PriceState, { floorWei, halfLifeSeconds }: PriceParameters, timestamp: bigint): bigint {
  const elapsedSeconds = timestamp - state.updatedAt;
  const halfLife = BigInt(halfLifeSeconds);
  const halvings = elapsedSeconds / halfLife;
  if (halvings >= MAX_HALVINGS) return floorWei;
  const remainder = elapsedSeconds % halfLife;
  const decayedWei = (state.priceWei * (2n * halfLife - remainder)) / ((2n * halfLife) << halvings);
  return max(decayedWei, floorWei);
}

/** The state after somebody registered, the twin of `afterRegistration`: ×1.26 rounded up, at most the ceiling. */
export function afterRegistration(priceWei: bigint, { ceilingWei }: PriceParameters, timestamp: bigint): PriceState {
  const risenWei = (priceWei * RISE_NUMERATOR + RISE_DENOMINATOR - 1n) / RISE_DENOMINATOR;
  return { priceWei: min(risenWei, ceilingWei), updatedAt: timestamp };
}
