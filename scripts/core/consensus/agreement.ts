import { divide, multiply, normalise, type Fixed32, totalOf } from "./fixed32";
import { EMPTY_ROW, foldColumns, mapRow, type SparseRow, sumRow } from "./sparseRow";
import { sum, U16_MAX } from "../fixedPoint";

/** A validator's weights and the stake behind them. */
export interface Voice {
  /** Own and delegated stake in any unit. */
  readonly stake: bigint;
  /** Without a permit neither its stake nor its weights count. */
  readonly permitted: boolean;
  /** An inactive validator's stake does not count; its weights still earn it validator trust. */
  readonly active: boolean;
  /** u16 weights per miner, without those that must be ignored. Only their ratios matter. */
  readonly weights: SparseRow;
}

/** What the validators agree on. All shares are raw I32F32 bits. */
export interface Agreement {
  /** Each validator's share of all stake, and of the stake that counts. */
  readonly stakes: Float64Array;
  readonly activeStakes: Float64Array;
  /** Each validator's weights as shares of its row, before and after they are clipped to the consensus. */
  readonly weights: readonly SparseRow[];
  readonly clippedWeights: readonly SparseRow[];
  /** Per miner: the weight that a majority supports, and its share of the miners' reward. */
  readonly consensus: Float64Array;
  readonly incentive: Float64Array;
  /** Per validator: the part of its row that the majority supports. */
  readonly validatorTrust: Float64Array;
}

/**
 * The first half of Yuma: rows are normalised, clipped to the consensus, and summed by stake into the miners'
 * incentive. Every step rounds down as subtensor's `epoch_mechanism` does.
 * @param kappaU16 The share of the active stake that sets the consensus, out of 65535: the policy's, under every rule.
 */
export function agree(voices: readonly Voice[], minerCount: number, kappaU16: number): Agreement {
  const stakes = stakeShares(voices.map(({ stake }) => stake));
  const counts = (validator: number): boolean => voices[validator]!.active && voices[validator]!.permitted;
  const activeStakes = normalise(stakes.map((stake, validator) => (counts(validator) ? stake : 0)));
  const weights = voices.map((voice) => normaliseRow(voice.weights, voice.permitted));
  const consensus = consensusWeights(weights, activeStakes, divide(kappaU16, U16_MAX), minerCount);
  const clippedWeights = weights.map((row) => mapRow(row, (weight, miner) => Math.min(weight, consensus[miner]!)));
  const ranks = foldColumns(
    clippedWeights,
    minerCount,
    (rank, weight, validator) => rank + multiply(weight, activeStakes[validator]!),
  );
  return {
    stakes,
    activeStakes,
    weights,
    clippedWeights,
    consensus,
    incentive: normalise(ranks),
    validatorTrust: Float64Array.from(clippedWeights, (row) => sumRow(row, (weight) => weight)),
  };
}

/** Each stake's share of their sum, rounded down; all 0 if nobody has any. */
function stakeShares(stakes: readonly bigint[]): Float64Array {
  const total = sum(stakes);
  return Float64Array.from(stakes, (stake) => (total === 0n ? 0 : Number((stake << 32n) / total)));
}

function normaliseRow(row: SparseRow, permitted: boolean): SparseRow {
  if (!permitted) return EMPTY_ROW;
  return { columns: row.columns, values: normalise(row.values) };
}

/** Room below a weight's bits for the number of the voter behind it, so that one numeric sort orders both. */
const VOTER_SLOTS = 2 ** 20;

/**
 * Yuma's consensus: for each miner the highest weight that at least κ of the stake (the policy's `kappaU16`) supports
 * by giving as much or more. Exactly κ is enough; if even the lowest weight lacks it, which only rounding can cause,
 * the lowest is taken.
 *
 * Every validator with stake has a say: one that gives a miner nothing votes 0. A validator without stake has none. The
 * stakes are normalised once more among validators that have any, as subtensor does (`weighted_median_col_sparse`).
 *
 * @param rows Normalised weights, one row per validator, each at most 1.
 * @param stakes Shares of the active stake, one per validator.
 * @returns The consensus weight of each of `minerCount` miners.
 */
export function consensusWeights(
  rows: readonly SparseRow[],
  stakes: Float64Array,
  kappa: Fixed32,
  minerCount: number,
): Float64Array {
  const voters = rows.filter((_, validator) => stakes[validator]! > 0);
  const votes = normalise(stakes.filter((stake) => stake > 0));
  const total = totalOf(votes);
  const { weights, ends } = weightsByMiner(voters, minerCount);
  return Float64Array.from(ends, (end, miner) =>
    highestSupported(weights.subarray(ends[miner - 1] ?? 0, end), votes, total, total - kappa),
  );
}

/**
 * All weights given, each as weight · VOTER_SLOTS + voter, miner after miner; `ends` is where each miner's part ends.
 */
function weightsByMiner(
  voters: readonly SparseRow[],
  minerCount: number,
): { readonly weights: Float64Array; readonly ends: Float64Array } {
  const ends = foldColumns(voters, minerCount, (count) => count + 1);
  for (let miner = 1; miner < minerCount; miner++) ends[miner]! += ends[miner - 1]!;
  const weights = new Float64Array(ends[minerCount - 1] ?? 0);
  const free = ends.slice();
  voters.forEach(({ columns, values }, voter) => {
    for (let k = 0; k < columns.length; k++) {
      const place = --free[columns[k]!]!;
      weights[place] = values[k]! * VOTER_SLOTS + voter;
    }
  });
  return { weights, ends };
}

/** Climbs from the lowest weight until the votes for this weight or less pass the minority. */
function highestSupported(weights: Float64Array, votes: Float64Array, total: number, minority: number): Fixed32 {
  const voterOf = (weight: number): number => weight % VOTER_SLOTS;
  const votesForNothing = total - weights.reduce((given, weight) => given + votes[voterOf(weight)]!, 0);
  if (votesForNothing > 0 && votesForNothing > minority) return 0;
  let votesSoFar = votesForNothing;
  let highest = 0;
  for (const weight of weights.sort()) {
    highest = Math.floor(weight / VOTER_SLOTS);
    votesSoFar += votes[voterOf(weight)]!;
    if (votesSoFar > minority) break;
  }
  return highest;
}
