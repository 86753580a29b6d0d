import { type Hex } from "viem";
import { type Connection } from "../../chain/connection";
import { type Signer } from "../../chain/signer";
import { transact } from "../../chain/transact";
import { type ComputedEpoch } from "../compute/computeSettlement";
import { type EpochArchive } from "../archive/epochArchive";
import { epochStatus } from "../facts/epochStatus";
import { type Quorum } from "../quorum/chooseSigners";
import { readElectorate } from "../quorum/electorate";
import { collectQuorum, type QuorumGap } from "../quorum/collectQuorum";
import { type KnownAnswers } from "../quorum/gather";
import { domainOf, settlementStatement } from "../quorum/statement";
import { readSettledEpochs } from "../facts/settledEpochs";
import { type PrepareOptions, prepareSettlement, settlementCall } from "./settlementCall";

/** What came of looking at the next epoch; none of these is a failure. */
export type SettleOutcome =
  | { readonly kind: "notDue"; readonly epoch: number; readonly dueAt: number; readonly secondsLeft: number }
  | { readonly kind: "alreadySettled"; readonly epoch: number }
  /** Too little stake has signed it. */
  | { readonly kind: "quorumMissing"; readonly epoch: number; readonly gap: QuorumGap }
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
export interface SettleOptions extends PrepareOptions {
  /** Who sends; without one the settlement is computed and shown. */
  readonly signer?: Signer | undefined;
  /** Up to this many accounts are paid by the settling transaction; a root that waits for a claim delay pays nobody. */
  readonly payRecipientsUpTo: number;
  /** What validators signed as far as it is here: the others are asked. Where it is missing, a keeper settles alone. */
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
    const statement = settlementStatement(domainOf(connection), computed.settlement);
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
    // However it was refused, what counts is whether somebody else settled the epoch meanwhile.
    if ((await connection.contracts.treasury.read.nextEpochToSettle()) > epoch)
      return { kind: "alreadySettled", epoch };
    throw error;
  }
}
