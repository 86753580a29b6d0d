import { type Policy } from "../policy/fields";
import { type Agreement } from "./agreement";
import { divide, type Fixed32, multiply, normalise, ONE, toU16, U16_MAX } from "./fixed32";
import { alphaFor } from "./liquidAlpha";
import { filterRow, foldColumns, mapRow, mergeRows, type SparseRow, sumRow } from "./sparseRow";

/** What a policy says of bonds. */
export type BondParameters = Pick<Policy, "bondsPenaltyU16" | "bondsMovingAverage" | "liquidAlpha">;

/** What validators earn for having valued miners early. */
export interface BondOutcome {
  /** Each validator's share of the validators' reward, raw I32F32 bits. */
  readonly dividends: Float64Array;
  /** u16 bonds per validator and miner, for the next epoch; zeros are left out. */
  readonly bonds: readonly SparseRow[];
}

/**
 * Yuma 2: a bond is a validator's part of all that was staked on a miner, smoothed over epochs. Dividends follow bonds.
 * @param oldBonds u16, each miner's largest being 65535; likewise the bonds returned.
 */
export function yuma2Bonds(
  agreement: Agreement,
  oldBonds: readonly SparseRow[],
  parameters: BondParameters,
): BondOutcome {
  const { activeStakes, incentive } = agreement;
  const bought = weightsForBonds(agreement, parameters.bondsPenaltyU16).map((row, validator) =>
    mapRow(row, (weight) => multiply(weight, activeStakes[validator]!)),
  );
  const alpha = fixedAlpha(parameters.bondsMovingAverage);
  const old = normaliseColumns(oldBonds, incentive.length);
  const smoothed = normaliseColumns(bought, incentive.length).map((row, validator) =>
    mergeRows(row, old[validator]!, (now, before) => multiply(now, alpha) + multiply(before, ONE - alpha)),
  );
  const bonds = normaliseColumns(smoothed, incentive.length);
  const earned = bonds.map((row) => sumRow(row, (bond, miner) => multiply(bond, incentive[miner]!)));
  const largest = foldColumns(bonds, incentive.length, Math.max);
  return {
    dividends: normalise(Float64Array.from(earned)),
    bonds: bonds.map((row) => stored(mapRow(row, (bond, miner) => divide(bond, largest[miner]!)))),
  };
}

/**
 * Yuma 3: a bond moves towards a validator's own weight, pair by pair; what it earns is its part of all bonds in a
 * miner times the validator's stake.
 * @param oldBonds u16 fractions of 1; likewise the bonds returned.
 */
export function yuma3Bonds(
  agreement: Agreement,
  oldBonds: readonly SparseRow[],
  parameters: BondParameters,
): BondOutcome {
  const { activeStakes, incentive } = agreement;
  const alpha = alphaPerPair(agreement.consensus, parameters);
  const bonds = weightsForBonds(agreement, parameters.bondsPenaltyU16).map((row, validator) =>
    mergeRows(row, oldBonds[validator]!, (weight, oldU16, miner) => {
      const old = divide(oldU16, U16_MAX);
      const towardsWeight = alpha(weight, old, miner);
      return Math.min(ONE, multiply(weight, towardsWeight) + multiply(old, ONE - towardsWeight));
    }),
  );
  const earned = normaliseColumns(bonds, incentive.length).map((row, validator) =>
    multiply(
      sumRow(row, (bond, miner) => multiply(bond, incentive[miner]!)),
      activeStakes[validator]!,
    ),
  );
  return { dividends: normalise(Float64Array.from(earned)), bonds: bonds.map(stored) };
}

/** weight + penalty · (clipped − weight): with the full penalty, what lies above the consensus buys no bonds. */
function weightsForBonds({ weights, clippedWeights }: Agreement, bondsPenaltyU16: number): readonly SparseRow[] {
  const penalty = divide(bondsPenaltyU16, U16_MAX);
  return weights.map((row, validator) =>
    mergeRows(row, clippedWeights[validator]!, (weight, clipped) => weight + multiply(clipped - weight, penalty)),
  );
}

/** The weight of the new observation in the moving average. */
function fixedAlpha(bondsMovingAverage: number): Fixed32 {
  return ONE - divide(bondsMovingAverage, 1_000_000);
}

function alphaPerPair(
  consensus: Float64Array,
  { bondsMovingAverage, liquidAlpha }: BondParameters,
): (weight: Fixed32, bond: Fixed32, miner: number) => Fixed32 {
  const fixed = fixedAlpha(bondsMovingAverage);
  if (liquidAlpha === null || consensus.every((weight) => weight === 0)) return () => fixed;
  const liquid = alphaFor(liquidAlpha);
  return (weight, bond, miner) => liquid(consensus[miner]!, weight, bond);
}

/** Each column divided by its sum. */
function normaliseColumns(rows: readonly SparseRow[], columnCount: number): readonly SparseRow[] {
  const sums = foldColumns(rows, columnCount, (total, value) => total + value);
  return rows.map((row) => mapRow(row, (value, column) => divide(value, sums[column]!)));
}

/** A row of shares as it is kept between epochs: in u16, without zeros. */
function stored(row: SparseRow): SparseRow {
  return filterRow(mapRow(row, toU16), (_, bond) => bond > 0);
}
