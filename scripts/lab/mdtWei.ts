import { parseUnits } from "viem";

/** An amount that a person wrote into a scenario, in wei: MDT with at most 18 decimals. */
export function mdtWei(amountMdt: number): bigint {
  return parseUnits(String(amountMdt), 18);
}
