import { createKeccak } from "hash-wasm";
import { type Hex } from "viem";
import { canonicalPieces, type StreamedJson } from "../canonicalJson";
import { type EpochInputs } from "../computeEpoch";
import { type MinerInput } from "../distribution/miners";
import { type DelegationInput, type StakerInput } from "../distribution/validators";
import { ascending } from "../order";
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
    ascending(a.account, b.account) ||
    ascending(a.performance, b.performance) ||
    ascending(a.agreedScoreWad, b.agreedScoreWad) ||
    ascending(a.feesWei, b.feesWei) ||
    ascending(a.provenFeesWei, b.provenFeesWei)
  );
}

function byDelegation(a: DelegationInput, b: DelegationInput): number {
  return ascending(a.account, b.account) || ascending(a.stakeWei, b.stakeWei);
}

function byStaker(a: StakerInput, b: StakerInput): number {
  return (
    ascending(a.account, b.account) ||
    ascending(a.stakeWei, b.stakeWei) ||
    ascending(a.commissionBps, b.commissionBps) ||
    ascending(a.unscoredFeesWei, b.unscoredFeesWei) ||
    ascending(a.dividend ?? 0n, b.dividend ?? 0n) ||
    byDelegations(a.delegations, b.delegations)
  );
}

function byDelegations(a: readonly DelegationInput[], b: readonly DelegationInput[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = byDelegation(a[index]!, b[index]!);
    if (order !== 0) return order;
  }
  return ascending(a.length, b.length);
}

/** Crossing into WebAssembly takes a moment, so short pieces cross together. */
const CHUNK_CHARACTERS = 1 << 16;

/** keccak256 of the UTF-8 bytes of a text that comes in pieces, of any length; none may end within a character. */
export async function keccak256OfText(pieces: Iterable<string>): Promise<Hex> {
  const hasher = await createKeccak(256);
  hasher.init();
  let waiting = "";
  for (const piece of pieces) {
    waiting += piece;
    if (waiting.length < CHUNK_CHARACTERS) continue;
    hasher.update(waiting);
    waiting = "";
  }
  return `0x${hasher.update(waiting).digest("hex")}`;
}
