import { type Fixed32, normalise, sum } from "./fixed32";
import { foldColumns, type SparseRow } from "./sparseRow";

/** Room below a weight's bits for the number of the voter behind it, so that one numeric sort orders both. */
const VOTER_SLOTS = 2 ** 20;

/**
 * Yuma's consensus: for each miner the highest weight that at least κ of the stake (the policy's
 * `kappaU16`) supports by giving as much or more.
 * Exactly κ is enough; where even the lowest weight lacks it, which only rounding can cause, the lowest is taken.
 *
 * Every validator with stake has a say: one that gives a miner nothing votes 0. A validator without stake has none.
 * The stakes are normalised once more among those that have any, as subtensor does (`weighted_median_col_sparse`).
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
  const total = sum(votes);
  const { weights, ends } = weightsByMiner(voters, minerCount);
  return Float64Array.from(ends, (end, miner) =>
    highestSupported(weights.subarray(ends[miner - 1] ?? 0, end), votes, total, total - kappa),
  );
}

/** All weights given, each as weight · VOTER_SLOTS + voter, miner after miner; `ends` is where each miner's part ends. */
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
