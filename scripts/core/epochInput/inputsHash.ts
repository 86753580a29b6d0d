import { type Hex } from "viem";
import { canonicalPieces, type StreamedJson } from "../canonicalJson";
import { type EpochInputs } from "../computeEpoch";
import { type MinerInput } from "../distribution/miners";
import { type DelegationInput, type StakerInput } from "../distribution/validators";
import { keccak256OfText } from "../keccak/keccakOfText";
import { streamEpochInput } from "./writeEpoch";

/**
 * A settlement's `inputsHash`: keccak256 of the canonical JSON (RFC 8785) of the epoch's inputs as `epoch inputs` prints
 * them, without `poolWei` and `mintableWei`, which move until the settlement executes.
 *
 * Accounts are in lower case. Miners, stakers and delegations are sorted by account; equal accounts by the remaining
 * fields in the order in which the input file names them, numerically; of two lists of delegations that are alike as far
 * as the shorter one goes, the shorter is first.
 */
export async function inputsHash(inputs: EpochInputs): Promise<Hex> {
  const facts: Record<string, StreamedJson> = streamEpochInput(sorted(inputs));
  delete facts.poolWei;
  delete facts.mintableWei;
  return keccak256OfText(canonicalPieces(facts));
}

function sorted(inputs: EpochInputs): EpochInputs {
  const stakers = inputs.stakers.map((staker) => ({
    ...staker,
    delegations: staker.delegations.toSorted(byDelegation),
  }));
  return { ...inputs, miners: inputs.miners.toSorted(byMiner), stakers: stakers.sort(byStaker) };
}

function byMiner(a: MinerInput, b: MinerInput): number {
  return (
    compare(a.account, b.account) ||
    compare(a.performance, b.performance) ||
    compare(a.agreedScoreWad, b.agreedScoreWad) ||
    compare(a.feesWei, b.feesWei) ||
    compare(a.provenFeesWei, b.provenFeesWei)
  );
}

function byDelegation(a: DelegationInput, b: DelegationInput): number {
  return compare(a.account, b.account) || compare(a.stakeWei, b.stakeWei);
}

function byStaker(a: StakerInput, b: StakerInput): number {
  return (
    compare(a.account, b.account) ||
    compare(a.stakeWei, b.stakeWei) ||
    compare(a.commissionBps, b.commissionBps) ||
    compare(a.unscoredFeesWei, b.unscoredFeesWei) ||
    compare(a.dividend ?? 0n, b.dividend ?? 0n) ||
    byDelegations(a.delegations, b.delegations)
  );
}

function byDelegations(a: readonly DelegationInput[], b: readonly DelegationInput[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = byDelegation(a[index]!, b[index]!);
    if (order !== 0) return order;
  }
  return compare(a.length, b.length);
}

function compare<T extends string | number | bigint>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
