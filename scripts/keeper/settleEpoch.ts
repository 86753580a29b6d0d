import { type Address, encodeFunctionData, type Hex, type TransactionReceipt } from "viem";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { transact } from "../chain/transact";
import { carriedInto } from "./carriedInto";
import { type ComputedEpoch, computeSettlement } from "./computeSettlement";
import { type EpochArchive } from "./epochArchive";
import { epochStatus } from "./epochStatus";
import { multiProofOf } from "./core/rewardTree/proofs";
import { accountAt, amountAt } from "./core/rewardTree/rewardList";
import { type RewardTree } from "./core/rewardTree/buildRewardTree";
import { readSettledEpochs } from "./settledEpochs";

/** What came of looking at the next epoch; none of these is a failure. */
export type SettleOutcome =
  | { readonly kind: "notDue"; readonly epoch: number; readonly dueAt: number; readonly secondsLeft: number }
  | { readonly kind: "alreadySettled"; readonly epoch: number }
  /** Computed, and not sent. */
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
export interface SettleOptions {
  /** Who sends; without one the settlement is computed and shown. */
  readonly signer?: Signer | undefined;
  /** Up to so many accounts are paid by the settling transaction; a root that waits for a claim delay pays nobody. */
  readonly payRecipientsUpTo: number;
  readonly onComputed?: ((epoch: number) => void) | undefined;
}

/** Computes the next epoch that has not been settled, and settles it if it is due. */
export async function settleNextEpoch(
  connection: Connection,
  archive: EpochArchive,
  { signer, payRecipientsUpTo, onComputed }: SettleOptions,
): Promise<SettleOutcome> {
  const status = await epochStatus(connection);
  const epoch = status.nextEpochToSettle;
  if (!status.isDue)
    return { kind: "notDue", epoch, dueAt: status.dueAt, secondsLeft: status.dueAt - status.timestamp };

  const settled = await readSettledEpochs(connection);
  if (settled.length > epoch) return { kind: "alreadySettled", epoch };
  const before = await carriedInto(connection, archive, epoch, settled, onComputed);
  const computed = await computeSettlement(connection, epoch, before);
  const unpaid = await unpaidAccounts(connection, computed.tree, payRecipientsUpTo);
  const payment = paymentOf(connection, computed.tree, unpaid);
  if (signer === undefined)
    return { kind: "ready", epoch, computed, calldata: calldataOf(connection, computed, payment) };
  await archive.save(computed);
  try {
    const { transactionHash, gasUsed } = await send(connection, signer, computed, payment);
    return { kind: "settled", epoch, computed, transactionHash, gasUsed, paid: unpaid.length };
  } catch (error) {
    // However it was refused, what counts is whether somebody else settled the epoch meanwhile.
    if ((await connection.contracts.treasury.read.nextEpochToSettle()) > epoch)
      return { kind: "alreadySettled", epoch };
    throw error;
  }
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

/** Calldata that pays the accounts what they have not claimed; undefined where there is nobody to pay. */
function paymentOf({ contracts }: Connection, tree: RewardTree, unpaid: readonly Address[]): Hex | undefined {
  if (unpaid.length === 0) return undefined;
  const { accounts, cumulativesWei, proof, proofFlags } = multiProofOf(tree, unpaid);
  const { abi } = contracts.treasury;
  return encodeFunctionData({ abi, functionName: "claimMany", args: [accounts, cumulativesWei, proof, proofFlags] });
}

/** Calldata of the one transaction that settles, and pays where somebody is to be paid. */
function calldataOf({ contracts }: Connection, { settlement }: ComputedEpoch, payment: Hex | undefined): Hex {
  const { abi } = contracts.treasury;
  const settle = encodeFunctionData({ abi, functionName: "settleEpoch", args: [settlement] });
  return payment === undefined
    ? settle
    : encodeFunctionData({ abi, functionName: "multicall", args: [[settle, payment]] });
}

function send(
  connection: Connection,
  signer: Signer,
  { settlement }: ComputedEpoch,
  payment: Hex | undefined,
): Promise<TransactionReceipt> {
  const { treasury } = connection.contracts;
  if (payment === undefined) {
    return transact(connection, signer, { ...treasury, functionName: "settleEpoch", args: [settlement] });
  }
  const settle = encodeFunctionData({ abi: treasury.abi, functionName: "settleEpoch", args: [settlement] });
  return transact(connection, signer, { ...treasury, functionName: "multicall", args: [[settle, payment]] });
}
