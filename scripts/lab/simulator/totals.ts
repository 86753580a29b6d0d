import { type SimulatedYear } from "./recorder";
import { sum } from "../../core/fixedPoint";

/** A whole run; amounts in wei. */
export interface Totals {
  readonly emissionWei: bigint;
  readonly mintedWei: bigint;
  readonly blockRewardsWei: bigint;
  readonly recycledWei: bigint;
  readonly burnedWei: bigint;
  /** At the end. */
  readonly supplyWei: bigint;
}

/** Adds the years of a run up. */
export function totalsOf(years: readonly SimulatedYear[]): Totals {
  const total = (field: "emissionWei" | "mintedWei" | "blockRewardsWei" | "recycledWei" | "burnedWei"): bigint =>
    sum(years.map((year) => year[field]));
  return {
    emissionWei: total("emissionWei"),
    mintedWei: total("mintedWei"),
    blockRewardsWei: total("blockRewardsWei"),
    recycledWei: total("recycledWei"),
    burnedWei: total("burnedWei"),
    supplyWei: years.at(-1)!.supplyWei,
  };
}
