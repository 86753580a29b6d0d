import { type ValidatorRule } from "../policy/policy";
import { agree, type Agreement } from "./agreement";
import { EMPTY_ROW, type SparseRow, mapRow } from "./sparseRow";
import { type BondedVoice, yumaEpoch, type YumaParameters } from "./yuma";
import { type MinerWork, unprovenWei } from "../distribution/miners";
import { U16_MAX } from "../fixedPoint";
import { divide, multiply, ONE } from "./fixed32";

/** One active validator in one epoch; miners are numbered from 0 without gaps. */
export interface ScoringValidator {
  /** Own and delegated. */
  readonly stakeWei: bigint;
  /** Its weight for each miner; only their ratios matter. Empty if it scores nobody. */
  readonly weights: SparseRow;
  /** Whether its stake counts: under the miner rule "incentive" only if it revealed. */
  readonly active: boolean;
  /** u16 bonds from the epoch before, in the form of the same rule; empty if there are none. */
  readonly bonds: SparseRow;
}

/** What scores lead to. Shares are raw I32F32 bits; per miner and per validator in the order given. */
export interface ScoredEpoch {
  readonly consensus: readonly bigint[];
  readonly incentive: readonly bigint[];
  readonly validatorTrust: readonly bigint[];
  /** Dividends and bonds; null under the rule "stake". */
  readonly yuma: { readonly dividends: readonly bigint[]; readonly bonds: readonly SparseRow[] } | null;
}

/**
 * Consensus over an epoch's scores, from weights to each miner's performance and what each validator earned.
 *
 * The bonds of a validator that scores nobody decay. One without stake has no permit and no bonds, as if not listed.
 */
export function scoreEpoch(
  rule: ValidatorRule,
  validators: readonly ScoringValidator[],
  minerCount: number,
  parameters: YumaParameters,
): ScoredEpoch {
  const voices = validators.map(voiceOf);
  if (rule === "stake") return { ...inBits(agree(voices, minerCount, parameters.kappaU16)), yuma: null };
  const outcome = yumaEpoch(rule, voices, minerCount, parameters);
  return { ...inBits(outcome), yuma: { dividends: bits(outcome.dividends), bonds: outcome.bonds } };
}

function voiceOf({ stakeWei, weights, active, bonds }: ScoringValidator): BondedVoice {
  const permitted = stakeWei > 0n;
  return { stake: stakeWei, permitted, active, weights, bonds: permitted ? bonds : EMPTY_ROW };
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

/**
 * Weighs a row of absolute u16 scores by work: score · unproven fees, scaled to ⌊x · 65535 / max x⌋. So splitting a
 * miner in two, or adding one without work, changes nothing.
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
