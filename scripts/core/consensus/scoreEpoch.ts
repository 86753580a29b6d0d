import { type ValidatorRule } from "../policy/fields";
import { agree, type Agreement } from "./agreement";
import { EMPTY_ROW, type SparseRow } from "./sparseRow";
import { type BondedVoice, yumaEpoch, type YumaParameters } from "./yuma";

/** One active validator in one epoch; miners are numbered from 0 without gaps. */
export interface ScoringValidator {
  /** Own and delegated. */
  readonly stakeWei: bigint;
  /** What it gives each miner, of which only ratios matter; empty where it says nothing. */
  readonly weights: SparseRow;
  /** Whether its stake counts: under the miner rule "incentive" only if it revealed. */
  readonly active: boolean;
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
 * Consensus over an epoch's scores, from weights to what each miner performed and each validator earned.
 *
 * The bonds of a validator that says nothing decay. One without stake has neither permit nor bonds, as if it were not listed.
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
