import { divide, multiply, normalise } from "./fixed32";
import { EMPTY_ROW, foldColumns, mapRow, type SparseRow, sumRow } from "./sparseRow";
import { consensusWeights } from "./weightedMedian";
import { sum, U16_MAX } from "../fixedPoint";

/** What a validator says and what stands behind it. */
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
  /** Each validator's weights as shares of its row, before and after none may pass the consensus. */
  readonly weights: readonly SparseRow[];
  readonly clippedWeights: readonly SparseRow[];
  /** Per miner: the weight that a majority supports, and its share of the miners' reward. */
  readonly consensus: Float64Array;
  readonly incentive: Float64Array;
  /** Per validator: how much of its row the majority shares. */
  readonly validatorTrust: Float64Array;
}

/**
 * The first half of Yuma: rows are normalised, clipped to the consensus, and summed by stake into the miners' incentive.
 * Every step rounds down as subtensor's `epoch_mechanism` does.
 * @param kappaU16 The share of the active stake that sets the consensus, of 65535: the policy's, under every rule.
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

/** Each stake's share of their sum, rounded down; all 0 where nobody has any. */
function stakeShares(stakes: readonly bigint[]): Float64Array {
  const total = sum(stakes);
  return Float64Array.from(stakes, (stake) => (total === 0n ? 0 : Number((stake << 32n) / total)));
}

function normaliseRow(row: SparseRow, permitted: boolean): SparseRow {
  if (!permitted) return EMPTY_ROW;
  return { columns: row.columns, values: normalise(row.values) };
}
