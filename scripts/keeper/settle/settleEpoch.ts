/** How an epoch is settled: prepared, signed, sent. */
import { type Hex, type Address, encodeFunctionData } from "viem";
import { type Connection, withEventsAsOfNow } from "../../chain/connection";
import { type Signer } from "../../chain/signer";
import { transact, type ContractCall } from "../../chain/transact";
import { type ComputedEpoch, type Carried, computeSettlement } from "../compute/computeSettlement";
import { type EpochArchive } from "../archive/epochArchive";
import { epochStatus } from "../facts/epochStatus";
import { type Quorum } from "../quorum/chooseSigners";
import { readElectorate } from "../quorum/electorate";
import { collectQuorum, type QuorumGap, type KnownAnswers } from "../quorum/gather";
import { domainOf, settlementForm, statementOf } from "../quorum/statements";
import { readSettledEpochs } from "../facts/settledEpochs";
import { type settlementQuorumAbi } from "../../../typechain-types/abi/SettlementQuorum";
import { type RewardTree } from "../../core/rewardTree/buildRewardTree";
import { multiProofOf } from "../../core/rewardTree/proofs";
import { accountAt, amountAt } from "../../core/rewardTree/rewardList";
import { type Settlement } from "../../core/settlement";
import { type OnProgress } from "../../core/progress";
import { requireOver } from "../facts/collectFacts";
import { carriedInto } from "./epochInputs";

/** The outcome of looking at the next epoch; none of these is a failure. */
export type SettleOutcome =
  | { readonly kind: "notDue"; readonly epoch: number; readonly dueAt: number; readonly secondsLeft: number }
  | { readonly kind: "alreadySettled"; readonly epoch: number }
  /** Too little stake has signed it. */
  | { readonly kind: "quorumMissing"; readonly epoch: number; readonly gap: QuorumGap }
  /** Computed, but not sent. */
  | { readonly kind: "ready"; readonly epoch: number; readonly computed: ComputedEpoch; readonly calldata: Hex }
  | {
      readonly kind: "settled";
      readonly epoch: number;
      readonly computed: ComputedEpoch;
      readonly transactionHash: Hex;
      readonly gasUsed: bigint;
      /** How many accounts the same transaction paid. */
      readonly paid: number;
    };

/** How to settle. */
export interface SettleOptions extends PrepareOptions {
  /** Who sends; without one the settlement is only computed and shown. */
  readonly signer?: Signer | undefined;
  /** The settling transaction pays accounts if the tree has at most this many; must be 0 if there is a claim delay. */
  readonly payRecipientsUpTo: number;
  /** Validators' answers so far; the other validators are asked. Missing: a keeper settles alone. */
  readonly signatures?: KnownAnswers | undefined;
}

/** Computes the next epoch that has not been settled, and settles it if it is due. */
export async function settleNextEpoch(
  connection: Connection,
  archive: EpochArchive,
  { signer, payRecipientsUpTo, signatures: known, ...options }: SettleOptions,
): Promise<SettleOutcome> {
  const status = await epochStatus(connection);
  const epoch = status.nextEpochToSettle;
  if (!status.isDue)
    return { kind: "notDue", epoch, dueAt: status.dueAt, secondsLeft: status.dueAt - status.timestamp };

  const settled = await readSettledEpochs(connection);
  if (settled.length > epoch) return { kind: "alreadySettled", epoch };
  const { computed } = await prepareSettlement(connection, archive, epoch, options);
  let quorum: Quorum | null = null;
  if (known !== undefined) {
    const statement = statementOf(settlementForm, domainOf(connection), computed.settlement);
    const collected = await collectQuorum(connection, await readElectorate(connection, epoch), statement, { known });
    if (collected.kind === "gap") return { kind: "quorumMissing", epoch, gap: collected.gap };
    ({ quorum } = collected);
  }
  const { call, calldata, paid } = await settlementCall(connection, computed, payRecipientsUpTo, quorum);
  if (signer === undefined) return { kind: "ready", epoch, computed, calldata };
  await archive.save(computed);
  try {
    const { transactionHash, gasUsed } = await transact(connection, signer, call, [
      `This settles epoch ${epoch} and pays ${paid} accounts.`,
    ]);
    return { kind: "settled", epoch, computed, transactionHash, gasUsed, paid };
  } catch (error) {
    // Whatever the error, what counts is whether someone else settled the epoch meanwhile.
    if ((await connection.contracts.treasury.read.nextEpochToSettle()) > epoch)
      return { kind: "alreadySettled", epoch };
    throw error;
  }
}

type QuorumAbi = typeof settlementQuorumAbi;

/** The one call that settles an epoch, and pays in the same transaction if someone is to be paid. */
export interface SettlementCall {
  readonly call:
    | ContractCall<QuorumAbi, "settleEpoch">
    | ContractCall<QuorumAbi, "settleEpochSigned">
    | ContractCall<QuorumAbi, "multicall">;
  /** The same call as bytes for the SettlementQuorum. */
  readonly calldata: Hex;
  /** How many accounts it pays. */
  readonly paid: number;
}

/**
 * The call that settles a computed epoch. What was claimed is read at the head.
 * @param payUpTo Accounts are paid if the tree has at most this many; must be 0 if there is a claim delay.
 * @param quorum Who signed; null if a keeper settles alone.
 */
export async function settlementCall(
  head: Connection,
  { settlement, tree }: ComputedEpoch,
  payUpTo: number,
  quorum: Quorum | null,
): Promise<SettlementCall> {
  const { address, abi } = head.contracts.settlementQuorum;
  const settle =
    quorum === null
      ? ({ address, abi, functionName: "settleEpoch", args: [settlement] } as const)
      : ({ address, abi, functionName: "settleEpochSigned", args: signedArgs(settlement, quorum) } as const);
  const unpaid = await unpaidAccounts(head, tree, payUpTo);
  if (unpaid.length === 0) return { call: settle, calldata: encodeFunctionData(settle), paid: 0 };
  const { accounts, cumulativesWei, proof, proofFlags } = multiProofOf(tree, unpaid);
  const claims = [accounts, cumulativesWei, proof, proofFlags] as const;
  const pay = encodeFunctionData({ abi, functionName: "claimMany", args: claims });
  const call = { address, abi, functionName: "multicall", args: [[encodeFunctionData(settle), pay]] } as const;
  return { call, calldata: encodeFunctionData(call), paid: unpaid.length };
}

const signedArgs = (settlement: Settlement, { validators, positions, signatures }: Quorum) =>
  [settlement, validators, positions, signatures] as const;

/**
 * Most accounts whose rewards are staked at once, which takes several times the gas of paying. Anyone can claim the
 * rest.
 */
const mostStaked = 10;

/** The accounts of a tree that have something left to claim; none if the tree has more than `upTo` accounts. */
async function unpaidAccounts(
  { contracts }: Connection,
  { list }: RewardTree,
  upTo: number,
): Promise<readonly Address[]> {
  if (list.count > upTo) return [];
  const accounts = Array.from({ length: list.count }, (_, position) => accountAt(list, position));
  const claimed = await Promise.all(accounts.map((account) => contracts.treasury.read.claimedOf([account])));
  const unpaid = accounts.filter((_, position) => amountAt(list, position) > claimed[position]!);
  const recipients = await Promise.all(unpaid.map((account) => contracts.treasury.read.claimRecipientOf([account])));
  let staked = 0;
  return unpaid.filter((_, at) => recipients[at] !== contracts.staking.address || ++staked <= mostStaked);
}

/** A computed epoch. */
export interface PreparedSettlement {
  readonly epoch: number;
  /** What the epoch started with. */
  readonly before: Carried;
  readonly computed: ComputedEpoch;
}

/** How to prepare a settlement. */
export interface PrepareOptions {
  /** Called for each earlier epoch that had to be computed again, for showing progress. */
  readonly onComputed?: ((epoch: number) => void) | undefined;
  /** Called with the progress of this epoch's computation. */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Computes `epoch` from its facts and from what the epochs before it left, all as `chain` has it: keepers and
 * validators pass the chain as of their final block. The funds may differ by the time the epoch is settled, which
 * changes nothing: the allowance covers the schedule.
 * @throws EpochNotOverError, EarlierEpochOpenError, SettlementDiffersError
 */
export async function prepareSettlement(
  chain: Connection,
  archive: EpochArchive,
  epoch: number,
  { onComputed, onProgress }: PrepareOptions = {},
): Promise<PreparedSettlement> {
  const facts = await withEventsAsOfNow(chain);
  await requireOver(facts, epoch);
  const before = await carriedInto(facts, archive, epoch, await readSettledEpochs(facts), onComputed);
  const computed = await computeSettlement(facts, epoch, before, undefined, onProgress);
  return { epoch, before, computed };
}
