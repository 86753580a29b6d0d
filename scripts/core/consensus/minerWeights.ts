import { type MinerWork, unprovenWei } from "../work";
import { U16_MAX } from "../fixedPoint";
import { divide, multiply, ONE } from "./fixed32";
import { mapRow, type SparseRow } from "./sparseRow";

/** Up to this maximum a score · 65535 stays within I32F32, and subtensor multiplies before it divides. */
const MULTIPLIES_FIRST_UP_TO = 32_768;

/**
 * Scales a row of absolute u16 scores so that its highest becomes 65535, the form in which subtensor stores weights
 * (`vec_u16_max_upscale_to_u16`); a half rounds up. A row of zeros stays as it is.
 *
 * Above 32768 the factor 65535 / maximum is rounded down first, so that an exact half falls short and rounds down.
 */
export function scaleScores(row: SparseRow): SparseRow {
  const highest = row.values.reduce((high, score) => Math.max(high, score), 0);
  const factor = divide(U16_MAX, highest);
  return mapRow(row, (score) => {
    const scaled = highest > MULTIPLIES_FIRST_UP_TO ? multiply(score * ONE, factor) : divide(score * U16_MAX, highest);
    return Math.floor(scaled / ONE + 0.5);
  });
}

/**
 * Weighs a row of absolute u16 scores by work: score · unproven fees, scaled to ⌊x · 65535 / max x⌋. So splitting a miner in
 * two, or adding one without work, changes nothing.
 * @param miners By column.
 */
export function weighByWork(
  row: SparseRow,
  miners: readonly Pick<MinerWork, "feesWei" | "provenFeesWei">[],
): SparseRow {
  const scored = Array.from(row.columns, (miner, k) => BigInt(row.values[k]!) * unprovenWei(miners[miner]!));
  const highest = scored.reduce((high, value) => (value > high ? value : high), 0n);
  return {
    columns: row.columns,
    values: Float64Array.from(scored, (value) => (highest === 0n ? 0 : Number((value * BigInt(U16_MAX)) / highest))),
  };
}
