import { type LiquidAlpha, type Policy, type ValidatorRule } from "../policy/policy";
import { agree, type Agreement, type Voice } from "./agreement";
import { filterRow, foldColumns, mapRow, mergeRows, type SparseRow, sumRow } from "./sparseRow";
import { divide, type Fixed32, multiply, normalise, ONE, toU16 } from "./fixed32";
import { U16_MAX } from "../fixedPoint";

/** The two forms of bonds; they differ in nothing else. */
export type YumaRule = Exclude<ValidatorRule, "stake">;

/** The part of a policy that decides consensus and bonds. */
export type YumaParameters = Pick<Policy, "kappaU16"> & BondParameters;

/** A validator's voice and its u16 bonds from the epoch before. */
export interface BondedVoice extends Voice {
  readonly bonds: SparseRow;
}

const bondsOf = { yuma2: yuma2Bonds, yuma3: yuma3Bonds } as const;

/**
 * One epoch of Yuma consensus, bit for bit as subtensor computes it (pallets/subtensor/src/epoch: run_epoch.rs,
 * math.rs): I32F32 throughout, every product and quotient rounded down, bonds stored in 16 bits between epochs.
 *
 * If subtensor's two ways to compute an epoch differ, this follows the dense one: under liquid alpha a bond in a miner
 * that a row no longer lists decays as with a weight of 0; the sparse one drops it at once.
 */
export function yumaEpoch(
  rule: YumaRule,
  voices: readonly BondedVoice[],
  minerCount: number,
  parameters: YumaParameters,
): Agreement & BondOutcome {
  const agreement = agree(voices, minerCount, parameters.kappaU16);
  const oldBonds = voices.map(({ bonds }) => bonds);
  return { ...agreement, ...bondsOf[rule](agreement, oldBonds, parameters) };
}

/** The part of a policy that decides bonds. */
type BondParameters = Pick<Policy, "bondsPenaltyU16" | "bondsMovingAverage" | "liquidAlpha">;

/** What validators earn for having valued miners early. */
export interface BondOutcome {
  /** Each validator's share of the validators' reward, raw I32F32 bits. */
  readonly dividends: Float64Array;
  /** u16 bonds per validator and miner, for the next epoch; without zeros. */
  readonly bonds: readonly SparseRow[];
}

/**
 * Yuma 2: a bond is a validator's part of all that was staked on a miner, smoothed over epochs. Dividends follow bonds.
 * @param oldBonds u16, with 65535 as each miner's largest; so are the bonds returned.
 */
function yuma2Bonds(agreement: Agreement, oldBonds: readonly SparseRow[], parameters: BondParameters): BondOutcome {
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
 * Yuma 3: a bond moves towards a validator's own weight, pair by pair; it earns by its part of all bonds in a miner,
 * times the validator's stake.
 * @param oldBonds u16 fractions of 1; so are the bonds returned.
 */
function yuma3Bonds(agreement: Agreement, oldBonds: readonly SparseRow[], parameters: BondParameters): BondOutcome {
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

/** weight + penalty · (clipped − weight): with the full penalty, weight above the consensus buys no bonds. */
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

const HALF = ONE / 2;

/** subtensor caps the exponent here, before it could overflow. */
const LARGEST_EXPONENT = 20 * ONE;

/** The exponential's series ends here: subtensor computes one term per fractional bit. */
const SERIES_TERMS = 32;

/** subtensor's constant for e^1, which has 23 fractional bits. */
const E = Math.floor(Math.E * 2 ** 23) * 2 ** 9;

/**
 * Liquid alpha: a bond moves faster the further a validator's weight lies above the consensus when it buys, or below
 * its old bond when it sells: low + (high − low) / (1 + e^(−steepness / 100 · (distance − ½))).
 * @returns The weight of the new observation for one pair, from its consensus, weight and old bond.
 */
export function alphaFor(parameters: LiquidAlpha): (consensus: Fixed32, weight: Fixed32, bond: Fixed32) => Fixed32 {
  const low = Math.round(parameters.low * ONE);
  const high = Math.round(parameters.high * ONE);
  const slope = Math.trunc((parameters.steepness * ONE) / -100);
  return (consensus, weight, bond) => {
    const distance = weight >= bond ? Math.max(0, weight - consensus) : bond - weight;
    const sigmoid = divide(ONE, ONE + exponential(multiply(distance - HALF, slope)));
    return Math.min(high, low + multiply(sigmoid, high - low));
  };
}

/**
 * e^x by subtensor's series, each term rounded down; for a negative x its reciprocal. Within |x| ≤ 14 every bit is
 * subtensor's; beyond, e^|x| passes 2^53 and keeps its 53 highest bits.
 */
function exponential(x: Fixed32): Fixed32 {
  if (x === ONE) return E;
  const magnitude = Math.min(Math.abs(x), LARGEST_EXPONENT);
  let term = magnitude;
  let result = ONE + magnitude;
  for (let i = 2; i < SERIES_TERMS && term > 0; i++) {
    term = Math.floor(multiply(term, magnitude) / i);
    result += term;
  }
  return x < 0 ? divide(ONE, result) : result;
}
