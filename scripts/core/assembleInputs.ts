import { type Address, type Hex } from "viem";
import { type EpochInputs } from "./computeEpoch";
import { type ScoredEpoch, scoreEpoch } from "./consensus/scoreEpoch";
import { EMPTY_ROW, rowFrom, type SparseRow } from "./consensus/sparseRow";
import { type DelegationInput } from "./distribution/validators";
import { type Policy, type ValidatorRule } from "./policy/fields";
import { agreedScoresU16, qualityWadOf, scoreWad } from "./quality";
import { type TaskCounters } from "./utility";
import { decodeScores } from "./scorePayload";

/** An active validator of an epoch. Accounts in lower case, stakes in wei as they counted for the epoch. */
export interface ValidatorFacts {
  readonly account: Address;
  readonly ownWei: bigint;
  /** Own and delegated. */
  readonly totalWei: bigint;
  readonly commissionBps: number;
  readonly delegations: readonly DelegationInput[];
  /** What it revealed; null if nothing. */
  readonly payload: Hex | null;
  /** How many miners there were when it committed: those with higher ids registered after its commitment. */
  readonly minersAtCommit: number;
}

/** A miner that had registered by the end of an epoch. */
export interface MinerFacts {
  readonly account: Address;
  readonly completedTasks: number;
}

/** What the chain says about one epoch: final when its reveal window closes. */
export interface EpochFacts {
  readonly epoch: number;
  readonly policy: Policy;
  /** The rule of the epoch before, in whose form its bonds are. */
  readonly ruleBefore: ValidatorRule;
  readonly baseRewardWei: bigint;
  readonly halvingIntervalEpochs: number;
  readonly tasks: TaskCounters;
  readonly validators: readonly ValidatorFacts[];
  /** By id, the first has id 1. */
  readonly miners: readonly MinerFacts[];
}

/** What can pay for an emission. It moves until the settlement executes, so it is no part of an epoch's facts. */
export interface Funds {
  readonly poolWei: bigint;
  readonly mintableWei: bigint;
}

/** u16 bonds by validator (column = miner id − 1), as an epoch under a Yuma rule leaves them; empty under the stake rule. */
export type Bonds = ReadonlyMap<Address, SparseRow>;

/** What a first epoch, and the first one under a rule, starts with; and what the stake rule leaves. */
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
 * Turns facts into the inputs of the computation: scores into agreed scores, quality and performance.
 * @param bondsBefore What the epoch before left; counts only where the same Yuma rule was in force: a rule begins without bonds.
 */
export function assembleInputs(facts: EpochFacts, funds: Funds, bondsBefore: Bonds): AssembledEpoch {
  return assembleRead(readFacts(facts), funds, bondsBefore);
}

/** The same for scores that are read already. */
export function assembleRead(facts: ReadFacts, funds: Funds, bondsBefore: Bonds): AssembledEpoch {
  const { policy, ruleBefore, validators, miners } = facts;
  const bondsHeld = policy.validatorRule === ruleBefore ? bondsBefore : noBonds;
  const scored = scoreEpoch(
    policy.validatorRule,
    validators.map((validator) => ({
      stakeWei: validator.totalWei,
      scores: validator.scores,
      ignoredMiners: policy.validatorRule === "stake" ? new Set() : ignoredMiners(validator, miners),
      bonds: bondsHeld.get(validator.account) ?? EMPTY_ROW,
    })),
    miners.length,
    policy,
  );
  const agreedWad = agreedScores(validators, miners.length);
  const revealed = validators.filter(({ scores }) => scores !== null);
  const dividendOf = new Map(validators.map(({ account }, index) => [account, scored.yuma?.dividends[index]]));
  const inputs: EpochInputs = {
    epoch: facts.epoch,
    baseRewardWei: facts.baseRewardWei,
    halvingIntervalEpochs: facts.halvingIntervalEpochs,
    ...funds,
    policy,
    tasks: facts.tasks,
    validators: { active: validators.length, revealed: revealed.length },
    qualityWad: qualityWadOf(
      miners.map(({ completedTasks }, index) => ({ completedTasks, agreedScoreWad: agreedWad[index]! })),
      revealed.length,
    ),
    miners: miners.map(({ account }, index) => ({
      account,
      performance: scored.incentive[index]!,
      agreedScoreWad: agreedWad[index]!,
    })),
    stakers: revealed.map(({ account, ownWei, commissionBps, delegations }) => {
      const dividend = dividendOf.get(account);
      return { account, stakeWei: ownWei, commissionBps, delegations, ...(dividend === undefined ? {} : { dividend }) };
    }),
  };
  const bonds = new Map(scored.yuma?.bonds.map((row, index) => [validators[index]!.account, row]));
  return { inputs, scored, bonds };
}

/** Nobody buys bonds in itself, or in miners that registered when their scores could be chosen no more. */
function ignoredMiners(
  { account, minersAtCommit }: Pick<ValidatorFacts, "account" | "minersAtCommit">,
  miners: readonly MinerFacts[],
): ReadonlySet<number> {
  const ignored = miners.flatMap((miner, index) =>
    miner.account === account || index >= minersAtCommit ? [index] : [],
  );
  return new Set(ignored);
}

/** The agreed score of each miner in WAD, by the stake of those that revealed. */
function agreedScores(validators: ReadFacts["validators"], minerCount: number): readonly bigint[] {
  const voters = validators.flatMap(({ totalWei, scores }) =>
    scores === null ? [] : [{ stakeWei: totalWei, scoresU16: dense(scores, minerCount) }],
  );
  return Array.from(agreedScoresU16(voters, minerCount), scoreWad);
}

function dense({ columns, values }: SparseRow, minerCount: number): Uint16Array {
  const scores = new Uint16Array(minerCount);
  columns.forEach((miner, k) => {
    scores[miner] = values[k]!;
  });
  return scores;
}

/** An epoch's facts with every payload read: a validator's scores by miner (column = id − 1), null if it revealed nothing. */
export type ReadFacts = Omit<EpochFacts, "validators"> & {
  readonly validators: readonly (Omit<ValidatorFacts, "payload"> & { readonly scores: SparseRow | null })[];
};

/** Reads what the validators revealed. */
function readFacts(facts: EpochFacts): ReadFacts {
  const validators = facts.validators.map(({ payload, ...validator }) => ({
    ...validator,
    scores: payload === null ? null : scoreRow(payload, facts.miners.length),
  }));
  return { ...facts, validators };
}

/** A malformed row counts as revealed with all scores zero. */
function scoreRow(payload: Hex, minerCount: number): SparseRow {
  const scores = decodeScores(payload, minerCount) ?? [];
  return rowFrom(scores.map(({ minerId, scoreU16 }) => [minerId - 1, scoreU16] as const));
}
