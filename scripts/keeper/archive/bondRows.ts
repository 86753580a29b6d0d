import { type Address } from "viem";
import { z } from "zod";
import { type Bonds } from "../../core/assembleInputs";
import { type JsonObject } from "../../core/canonicalJson";
import { rowFrom } from "../../core/consensus/sparseRow";

/** Bonds in a file: pairs of a miner's id and its bond as u16, by validator. */
export const bondRowsSchema = z.array(
  z.strictObject({ account: z.string(), bondsU16: z.array(z.tuple([z.int().min(1), z.int()])) }),
);

/** Bonds as a file holds them. */
export function writeBonds(bonds: Bonds): readonly JsonObject[] {
  return [...bonds].map(([account, { columns, values }]) => ({
    account,
    bondsU16: Array.from(columns, (miner, k) => [miner + 1, values[k]!]),
  }));
}

/** Bonds out of a file. */
export function bondsOf(rows: z.output<typeof bondRowsSchema>): Bonds {
  return new Map(
    rows.map(({ account, bondsU16 }) => [
      account as Address,
      rowFrom(bondsU16.map(([minerId, bond]) => [minerId - 1, bond] as const)),
    ]),
  );
}
