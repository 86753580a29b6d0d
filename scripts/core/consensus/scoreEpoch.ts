import { type ValidatorRule } from "../policy/fields";
import { agree, type Agreement } from "./agreement";
import { EMPTY_ROW, filterRow, mapRow, type SparseRow } from "./sparseRow";
import { type BondedVoice, yumaEpoch, type YumaParameters } from "./yuma";
import { divide, multiply, ONE } from "./fixed32";
import { U16_MAX } from "../fixedPoint";

/** One active validator in one epoch; miners are numbered from 0 without gaps. */
export interface ScoringValidator {
  /** Own and delegated. */
  readonly stakeWei: bigint;
  /** Absolute u16 scores per miner; null where nothing was revealed: then its stake does not count. */
  readonly scores: SparseRow | null;
  /** Under a Yuma rule: miners whose score is ignored, its own and those registered after its commit. */
  readonly ignoredMiners: ReadonlySet<number>;
  /** u16 bonds from the epoch before, in the form of the same rule; empty where there are none. */
  readonly bonds: SparseRow;
}

/** What scores lead to. Shares are raw I32F32 bits; per miner and per validator in the order given. */
export interface ScoredEpoch {
  readonly consensus: readonly bigint[];
  readonly incentive: readonly bigint[];
  readonly validatorTrust: readonly bigint[];
  /** Under the rule "stake" there are neither. */
  readonly yuma: { readonly dividends: readonly bigint[]; readonly bonds: readonly SparseRow[] } | null;
}

/**
 * Consensus over an epoch's scores, from absolute scores to what each miner performed and each validator earned.
 *
 * Rows are first scaled to a maximum of 65535. A validator that revealed nothing does not vote, and its bonds decay. One
 * without stake has neither permit nor bonds, as if it were not listed.
 */
export function scoreEpoch(
  rule: ValidatorRule,
  validators: readonly ScoringValidator[],
  minerCount: number,
  parameters: YumaParameters,
): ScoredEpoch {
  const voices = validators.map((validator) => voiceOf(validator, rule));
  if (rule === "stake") return { ...inBits(agree(voices, minerCount, parameters.kappaU16)), yuma: null };
  const outcome = yumaEpoch(rule, voices, minerCount, parameters);
  return { ...inBits(outcome), yuma: { dividends: bits(outcome.dividends), bonds: outcome.bonds } };
}

function voiceOf(validator: ScoringValidator, rule: ValidatorRule): BondedVoice {
  const { stakeWei, scores, ignoredMiners, bonds } = validator;
  const weights = scaleScores(scores ?? EMPTY_ROW);
  const permitted = stakeWei > 0n;
  return {
    stake: stakeWei,
    permitted,
    active: scores !== null,
    weights: rule === "stake" ? weights : filterRow(weights, (miner) => !ignoredMiners.has(miner)),
    bonds: permitted ? bonds : EMPTY_ROW,
  };
}

function inBits({ consensus, incentive, validatorTrust }: Agreement) {
  return { consensus: bits(consensus), incentive: bits(incentive), validatorTrust: bits(validatorTrust) };
}

function bits(shares: Float64Array): readonly bigint[] {
  return Array.from(shares, BigInt);
}

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
