/** An epoch's inputs and result as JSON, and the hash of the inputs. */
import { createKeccak } from "hash-wasm";
import { type Hex } from "viem";
import { canonicalPieces, type Json, type JsonObject, type StreamedJson } from "../canonicalJson";
import { type EpochInputs, type EpochResult } from "../computeEpoch";
import { type MinerInput } from "../distribution/miners";
import { type DelegationInput, type StakerInput } from "../distribution/validators";
import { ascending } from "../fixedPoint";
import { policyJson } from "../policy/policy";
import { type Reward } from "../rewardTree/rewardList";

const headFields = ["epoch", "baseRewardWei", "halvingIntervalEpochs", "mintableWei", "poolWei"] as const;
const minerFields = ["account", "performance", "agreedScoreWad", "feesWei", "provenFeesWei"] as const;
const stakerFields = ["account", "stakeWei", "commissionBps", "unscoredFeesWei", "dividend"] as const;
const delegationFields = ["account", "stakeWei"] as const;

type Fields<K extends string> = Readonly<Partial<Record<K, string | number | bigint>>>;

/** These fields, in this order, if they are present; amounts as decimal strings. */
function write<K extends string>(from: Fields<K>, fields: readonly K[]): Record<string, Json> {
  const written: Record<string, Json> = {};
  for (const field of fields) {
    const value: string | number | bigint | undefined = from[field];
    if (value !== undefined) written[field] = typeof value === "bigint" ? value.toString() : value;
  }
  return written;
}

/** Inputs as JSON, in the shape that `epoch inputs` prints and `epoch preview` reads; the policy whole. */
export function writeEpochInput(inputs: EpochInputs): JsonObject {
  return { ...writeHead(inputs), miners: inputs.miners.map(writeMiner), stakers: inputs.stakers.map(writeStaker) };
}

/** The same, with miners and stakers written on demand. */
function streamEpochInput(inputs: EpochInputs): Record<string, StreamedJson> {
  return { ...writeHead(inputs), miners: each(inputs.miners, writeMiner), stakers: each(inputs.stakers, writeStaker) };
}

function writeHead(inputs: EpochInputs) {
  return {
    ...write(inputs, headFields),
    policy: policyJson(inputs.policy),
    tasks: { ...inputs.tasks },
    validators: write(inputs.validators, ["activeStakeWei", "revealedStakeWei"]),
  };
}

function* each<T>(items: readonly T[], writeItem: (item: T) => JsonObject): Generator<JsonObject> {
  for (const item of items) yield writeItem(item);
}

function writeMiner(miner: MinerInput): JsonObject {
  return write(miner, minerFields);
}

function writeStaker(staker: StakerInput): JsonObject {
  const delegations = staker.delegations.map((delegation) => write(delegation, delegationFields));
  return { ...write(staker, stakerFields), delegations };
}

/** A result as `epoch preview --json` prints it. */
export function writeEpochResult(result: EpochResult): JsonObject {
  const { utility, emission, miners, validators } = result;
  const writeReward = (reward: Reward): JsonObject => write(reward, ["account", "amountWei"]);
  return {
    ...write(utility, ["utilityWad"]),
    ...write(result, ["qualityWad"]),
    ...write(emission, ["emissionWei", "recycledWei", "mintedWei"]),
    ...write(result, ["burnedUnmetQuotaWei", "burnedQualityPenaltyWei", "daoWei", "returnedWei"]),
    minerRewards: miners.rewards.map(writeReward),
    validatorRewards: validators.rewards.map(writeReward),
  };
}

/**
 * A settlement's `inputsHash`: keccak256 of the canonical JSON (RFC 8785) of the epoch's inputs as `epoch inputs`
 * prints them, without `poolWei` and `mintableWei`, which change until the settlement executes.
 *
 * Accounts are in lower case. Miners, stakers and delegations are sorted by account; equal accounts by the remaining
 * fields in the order in which the input file names them, numerically; if one list of delegations is the beginning of
 * the other, the shorter is first.
 */
export async function inputsHash(inputs: EpochInputs): Promise<Hex> {
  const facts = streamEpochInput(sorted(inputs));
  delete facts.poolWei;
  delete facts.mintableWei;
  return keccak256OfText(canonicalPieces(facts));
}

function sorted(inputs: EpochInputs): EpochInputs {
  const stakers = inputs.stakers.map((staker) => ({
    ...staker,
    delegations: staker.delegations.toSorted(byDelegation),
  }));
  return { ...inputs, miners: inputs.miners.toSorted(byFields(minerFields)), stakers: stakers.sort(byStaker) };
}

/** Compares two things by one field after the other; a missing field counts as zero. */
function byFields<K extends string>(fields: readonly K[]): (a: Fields<K>, b: Fields<K>) => number {
  return (a, b) => fields.reduce((order, field) => order || ascending(a[field] ?? 0n, b[field] ?? 0n), 0);
}

const byDelegation = byFields(delegationFields);
const byStakerFields = byFields(stakerFields);

function byStaker(a: StakerInput, b: StakerInput): number {
  return byStakerFields(a, b) || byDelegations(a.delegations, b.delegations);
}

function byDelegations(a: readonly DelegationInput[], b: readonly DelegationInput[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = byDelegation(a[index]!, b[index]!);
    if (order !== 0) return order;
  }
  return ascending(a.length, b.length);
}

/** Characters to collect before a call into WebAssembly: each call takes time, so short pieces share one. */
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
