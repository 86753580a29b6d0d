import { type Address, encodeFunctionData, type Hex } from "viem";
import { type settlementQuorumAbi } from "../../../typechain-types/abi/SettlementQuorum";
import { type Connection, withEventsAsOfNow } from "../../chain/connection";
import { type ContractCall } from "../../chain/transact";
import { type RewardTree } from "../../core/rewardTree/buildRewardTree";
import { multiProofOf } from "../../core/rewardTree/proofs";
import { accountAt, amountAt } from "../../core/rewardTree/rewardList";
import { type Settlement } from "../../core/settlement";
import { type ComputedEpoch, type Carried, computeSettlement } from "../compute/computeSettlement";
import { type Quorum } from "../quorum/chooseSigners";
import { type OnProgress } from "../../core/progress";
import { type EpochArchive } from "../archive/epochArchive";
import { requireOver } from "../facts/collectFacts";
import { readSettledEpochs } from "../facts/settledEpochs";
import { carriedInto } from "./carriedInto";

type QuorumAbi = typeof settlementQuorumAbi;

/** The one call that settles an epoch, and pays in the same transaction where somebody is to be paid. */
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
 * The call that settles a computed epoch. Who has claimed is read at the head.
 * @param payUpTo Up to this many accounts are paid; a root that waits for a claim delay pays nobody.
 * @param quorum Who signed; null where a keeper settles alone.
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

/** Staking an account's rewards takes several times the gas of paying them: more can be claimed by anyone who likes. */
const mostStaked = 10;

/** The accounts of a tree that have something left to claim; none where there are more accounts than are to be paid. */
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

/** An epoch computed. */
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
  /** Called with how far the computation of this epoch is. */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Computes `epoch` from its facts and from what the epochs before it left, all as `chain` has it: keepers and validators hand over
 * the chain as of their confirmed block. What could pay for the epoch may be another amount by the time it is settled, which
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
