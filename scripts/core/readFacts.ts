import { type Hex } from "viem";
import { type EpochFacts, type ValidatorFacts } from "./assembleInputs";
import { rowFrom, type SparseRow } from "./consensus/sparseRow";
import { decodeScores } from "./scorePayload";

/** An epoch's facts with every payload read: a validator's scores by miner (column = id − 1), null if it revealed nothing. */
export type ReadFacts = Omit<EpochFacts, "validators"> & {
  readonly validators: readonly (Omit<ValidatorFacts, "payload"> & { readonly scores: SparseRow | null })[];
};

/** Reads what the validators revealed. */
export function readFacts(facts: EpochFacts): ReadFacts {
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
