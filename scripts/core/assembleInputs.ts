import { type Address, type Hex } from "viem";
import { agreedScoresU16, scoreWad, decodeScores } from "./scores";
import { type EpochInputs } from "./computeEpoch";
import { scaleScores, weighByWork, type ScoredEpoch, scoreEpoch } from "./consensus/scoreEpoch";
import { EMPTY_ROW, filterRow, rowFrom, type SparseRow } from "./consensus/sparseRow";
import { type DelegationInput, totalStakeOf } from "./distribution/validators";
import { sum } from "./fixedPoint";
import { type Policy, type ValidatorRule } from "./policy/policy";
import { type TaskCounters } from "./utility";
import { unprovenWei } from "./distribution/miners";

/**
 * A seated validator of an epoch, jailed or not. Accounts in lower case, stakes in wei as they counted for the epoch.
 */
export interface ValidatorFacts {
  readonly account: Address;
  readonly ownWei: bigint;
  /** Own and delegated. */
  readonly totalWei: bigint;
  readonly commissionBps: number;
  readonly delegations: readonly DelegationInput[];
  /** The scores that it revealed, packed; null if it revealed nothing. */
  readonly payload: Hex | null;
  /** Number of miners when it committed: it can't score those that registered later. */
  readonly minersAtCommit: number;
}

/** A miner that had registered by the end of an epoch, and the fees in wei of the tasks that it completed. */
export interface MinerFacts {
  readonly account: Address;
  readonly feesWei: bigint;
  readonly provenFeesWei: bigint;
}

/** What the chain says about one epoch; final once its reveal window closes. */
export interface EpochFacts {
  readonly epoch: number;
  readonly policy: Policy;
  /** The rule of the epoch before; its bonds have that rule's form. */
  readonly ruleBefore: ValidatorRule;
  readonly baseRewardWei: bigint;
  readonly halvingIntervalEpochs: number;
  readonly tasks: TaskCounters;
  readonly validators: readonly ValidatorFacts[];
  /** In order of id; the first has id 1. */
  readonly miners: readonly MinerFacts[];
}

/** What can pay for an emission. It changes until the settlement executes, so it is not part of an epoch's facts. */
export interface Funds {
  readonly poolWei: bigint;
  readonly mintableWei: bigint;
}

/**
 * u16 bonds by validator (column = miner id − 1), as an epoch under a Yuma rule leaves them; empty under the stake
 * rule.
 */
export type Bonds = ReadonlyMap<Address, SparseRow>;

/** The bonds before the first epoch, before the first one under a rule, and after any under the stake rule. */
export const noBonds: Bonds = new Map();

/** An epoch's inputs, with the consensus that led to them. */
export interface AssembledEpoch {
  readonly inputs: EpochInputs;
  /** Per miner and per active validator, in the order of the facts. */
  readonly scored: ScoredEpoch;
  /** For the next epoch. */
  readonly bonds: Bonds;
}

/**
 * Turns facts into the inputs of the computation: scores become agreed scores, performance, and the fees that each
 * validator left unscored.
 * @param bondsBefore Bonds after the epoch before; they count only if its rule was the same: a rule begins without
 * bonds.
 */
export function assembleInputs(facts: EpochFacts, funds: Funds, bondsBefore: Bonds): AssembledEpoch {
  return assembleRead(readFacts(facts), funds, bondsBefore);
}

/** The same for facts whose scores have been read. */
export function assembleRead(facts: ReadFacts, funds: Funds, bondsBefore: Bonds): AssembledEpoch {
  const { policy, validators, miners } = facts;
  const scored = scoreFacts(facts, bondsBefore);
  const agreed = agreedScoresU16(
    validators.map(({ totalWei, scores }) => ({ stakeWei: totalWei, scores })),
    miners.length,
    policy.qualityThresholdBps,
  );
  const unprovenSumWei = sum(miners.map(unprovenWei));
  const stakers = validators.flatMap(({ account, ownWei, commissionBps, delegations, scores }, index) => {
    if (scores === null) return [];
    const scoredWei = sum(Array.from(scores.columns, (miner) => unprovenWei(miners[miner]!)));
    const dividend = scored.yuma?.dividends[index];
    return {
      account,
      stakeWei: ownWei,
      commissionBps,
      unscoredFeesWei: unprovenSumWei - scoredWei,
      delegations,
      ...(dividend === undefined ? {} : { dividend }),
    };
  });
  const inputs: EpochInputs = {
    epoch: facts.epoch,
    baseRewardWei: facts.baseRewardWei,
    halvingIntervalEpochs: facts.halvingIntervalEpochs,
    ...funds,
    policy,
    tasks: facts.tasks,
    validators: {
      // Summed by parts, like the revealed stake, so that participation is exactly one if everyone reveals.
      activeStakeWei: sum(validators.map(({ ownWei, delegations }) => totalStakeOf({ stakeWei: ownWei, delegations }))),
      revealedStakeWei: sum(stakers.map(totalStakeOf)),
    },
    miners: miners.map(({ account, feesWei, provenFeesWei }, index) => ({
      account,
      performance: scored.incentive[index]!,
      agreedScoreWad: scoreWad(agreed[index]!),
      feesWei,
      provenFeesWei,
    })),
    stakers,
  };
  const bonds = new Map(scored.yuma?.bonds.map((row, index) => [validators[index]!.account, row]));
  return { inputs, scored, bonds };
}

/**
 * Yuma over the scores. Under the miner rule "work", rows are weighed by unproven fees, and all stake counts; an absent
 * validator has an empty row. Under "incentive", rows are the scores alone, as subtensor scales them, and validators
 * that revealed nothing don't count; with a Yuma rule, nobody buys bonds in itself.
 */
function scoreFacts({ policy, ruleBefore, validators, miners }: ReadFacts, bondsBefore: Bonds): ScoredEpoch {
  const { validatorRule, minerRule } = policy;
  const bondsHeld = validatorRule === ruleBefore ? bondsBefore : noBonds;
  const weigh = (scores: SparseRow, account: Address): SparseRow => {
    if (minerRule === "work") return weighByWork(scores, miners);
    const scaled = scaleScores(scores);
    return validatorRule === "stake" ? scaled : filterRow(scaled, (miner) => miners[miner]!.account !== account);
  };
  return scoreEpoch(
    validatorRule,
    validators.map(({ account, totalWei, scores }) => ({
      stakeWei: totalWei,
      weights: scores === null ? EMPTY_ROW : weigh(scores, account),
      active: minerRule === "work" || scores !== null,
      bonds: bondsHeld.get(account) ?? EMPTY_ROW,
    })),
    miners.length,
    policy,
  );
}

/**
 * An epoch's facts with every payload read: a validator's scores by miner (column = id − 1), null if it revealed
 * nothing.
 */
export type ReadFacts = Omit<EpochFacts, "validators"> & {
  readonly validators: readonly (Omit<ValidatorFacts, "payload" | "minersAtCommit"> & {
    readonly scores: SparseRow | null;
  })[];
};

/** Reads what the validators revealed. */
function readFacts(facts: EpochFacts): ReadFacts {
  const validators = facts.validators.map(({ payload, minersAtCommit, ...validator }) => ({
    ...validator,
    scores: scoreRow({ payload, minersAtCommit }),
  }));
  return { ...facts, validators };
}

/** What a validator revealed, without its delegators. */
type RevealFacts = Pick<ValidatorFacts, "totalWei" | "payload" | "minersAtCommit">;

/** The agreed scores in an epoch's inputs, by miner in order of id. @param thresholdBps θ. */
export function agreedScoresWad(
  validators: readonly RevealFacts[],
  minerCount: number,
  thresholdBps: number,
): readonly bigint[] {
  const stakes = validators.map((validator) => ({ stakeWei: validator.totalWei, scores: scoreRow(validator) }));
  return Array.from(agreedScoresU16(stakes, minerCount, thresholdBps), scoreWad);
}

/** A payload that is malformed, or names a miner unknown when it was committed, counts as an empty reveal. */
function scoreRow({ payload, minersAtCommit }: Pick<ValidatorFacts, "payload" | "minersAtCommit">): SparseRow | null {
  if (payload === null) return null;
  const scores = decodeScores(payload, minersAtCommit) ?? [];
  return rowFrom(scores.map(({ minerId, scoreU16 }) => [minerId - 1, scoreU16] as const));
}
