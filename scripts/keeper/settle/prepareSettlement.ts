import { type Address, encodeFunctionData, type Hex } from "viem";
import { type settlementQuorumAbi } from "../../../typechain-types/abi/SettlementQuorum";
import { type Connection, withEventsAsOfNow } from "../../chain/connection";
import { type ContractCall } from "../../chain/transact";
import { type OnProgress } from "../../core/progress";
import { carriedInto } from "./carriedInto";
import { readFunds, requireOver } from "../facts/collectFacts";
import { type Carried, type ComputedEpoch, computeSettlement } from "../compute/computeSettlement";
import { type EpochArchive } from "../archive/epochArchive";
import { type RewardTree } from "../../core/rewardTree/buildRewardTree";
import { multiProofOf } from "../../core/rewardTree/proofs";
import { accountAt, amountAt } from "../../core/rewardTree/rewardList";
import { readSettledEpochs } from "../facts/settledEpochs";

type QuorumAbi = typeof settlementQuorumAbi;

/** The one call that settles, and that pays in the same transaction where somebody is to be paid. */
export type SettlementCall = ContractCall<QuorumAbi, "settleEpoch"> | ContractCall<QuorumAbi, "multicall">;

/** An epoch computed, down to the bytes that settle it. */
export interface PreparedSettlement {
  readonly epoch: number;
  /** What the epoch started with. */
  readonly before: Carried;
  readonly computed: ComputedEpoch;
  readonly call: SettlementCall;
  /** The same call as bytes for the SettlementQuorum. */
  readonly calldata: Hex;
  /** How many accounts the same transaction pays. */
  readonly paid: number;
}

/** How to prepare a settlement. */
export interface PrepareOptions {
  /** Where the epoch's facts are read, if not where everything else is: the chain as of a confirmed block. */
  readonly facts?: Connection | undefined;
  /** Up to so many accounts are paid by the settling transaction; a root that waits for a claim delay pays nobody. */
  readonly payRecipientsUpTo: number;
  /** Called for each earlier epoch that had to be computed again, for showing progress. */
  readonly onComputed?: ((epoch: number) => void) | undefined;
  /** Told how far the computation of this epoch is. */
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Computes `epoch` from its facts and from what the epochs before it left; what can pay for it, and who has claimed, is
 * read at the head.
 * @throws EpochNotOverError, EarlierEpochOpenError, SettlementDiffersError
 */
export async function prepareSettlement(
  head: Connection,
  archive: EpochArchive,
  epoch: number,
  { facts: given = head, payRecipientsUpTo, onComputed, onProgress }: PrepareOptions,
): Promise<PreparedSettlement> {
  const facts = await withEventsAsOfNow(given);
  await requireOver(facts, epoch);
  const before = await carriedInto(facts, archive, epoch, await readSettledEpochs(facts), onComputed);
  const computed = await computeSettlement(facts, epoch, before, await readFunds(head), onProgress);
  const unpaid = await unpaidAccounts(head, computed.tree, payRecipientsUpTo);
  const call = callOf(head, computed, unpaid);
  return { epoch, before, computed, call, calldata: encodeFunctionData(call), paid: unpaid.length };
}

/** The accounts of a tree that have something left to claim; none where there are more accounts than are to be paid. */
async function unpaidAccounts(
  { contracts }: Connection,
  { list }: RewardTree,
  upTo: number,
): Promise<readonly Address[]> {
  if (list.count > upTo) return [];
  const accounts = Array.from({ length: list.count }, (_, position) => accountAt(list, position));
  const claimed = await Promise.all(accounts.map((account) => contracts.treasury.read.claimedOf([account])));
  return accounts.filter((_, position) => amountAt(list, position) > claimed[position]!);
}

function callOf(
  { contracts }: Connection,
  { settlement, tree }: ComputedEpoch,
  unpaid: readonly Address[],
): SettlementCall {
  const { address, abi } = contracts.settlementQuorum;
  if (unpaid.length === 0) return { address, abi, functionName: "settleEpoch", args: [settlement] };
  const { accounts, cumulativesWei, proof, proofFlags } = multiProofOf(tree, unpaid);
  const settle = encodeFunctionData({ abi, functionName: "settleEpoch", args: [settlement] });
  const pay = encodeFunctionData({
    abi,
    functionName: "claimMany",
    args: [accounts, cumulativesWei, proof, proofFlags],
  });
  return { address, abi, functionName: "multicall", args: [[settle, pay]] };
}
