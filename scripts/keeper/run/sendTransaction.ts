import { estimateMaxPriorityFeePerGas } from "viem/actions";
import { type Hex } from "viem";
import { type Connection } from "../../chain/connection";
import { type Signer } from "../../chain/signer";
import { type Fees, type Offer, offerFor } from "./fees";
import { submit, type TransactionRequest } from "./submit";

/** A transaction that was handed to the network, so that it can be replaced: same nonce, higher fees. */
export interface SentTransaction {
  readonly request: TransactionRequest;
  /** What its newest version offers. */
  readonly fees: Fees;
  /** Its newest version; null where somebody else's with the same nonce was on its way already. */
  readonly hash: Hex | null;
}

/** A settlement that was handed to the network. */
export interface SentSettlement extends SentTransaction {
  readonly epoch: number;
}

/** What became of sending. */
export type Sending<S extends SentTransaction = SentSettlement> =
  | { readonly kind: "sent"; readonly sent: S }
  | { readonly kind: "aboveCeiling"; readonly askedWei: bigint }
  /** The chain has moved on: look again. */
  | { readonly kind: "lookAgain" };

/** Who sends, through what, and how much may be paid for it. */
export interface Sender {
  readonly connection: Connection;
  readonly signer: Signer;
  readonly maxFeePerGasWei: bigint;
  /** Told each hash before its transaction is sent. */
  readonly onSigned: (hash: Hex) => void;
}

/** What a transaction would have to offer now. */
export async function offerNow(
  { connection, maxFeePerGasWei }: Sender,
  baseFeePerGasWei: bigint,
  outbid: Fees | undefined,
): Promise<Offer> {
  const priorityFeePerGasWei = await estimateMaxPriorityFeePerGas(connection.reader);
  return offerFor({ baseFeePerGasWei, priorityFeePerGasWei }, maxFeePerGasWei, outbid);
}

/**
 * Sends a transaction for the first time. Where another one with its nonce is on its way (of a process with the same key, or
 * of this one before it was restarted), that one is given the time to be mined that any transaction gets.
 * @param what The transaction, and whatever else is to be remembered of it.
 */
export async function sendTransaction<T extends Pick<SentTransaction, "request">>(
  sender: Sender,
  what: T,
  fees: Fees,
): Promise<Sending<T & SentTransaction>> {
  const submission = await submit(sender.connection, sender.signer, what.request, fees, sender.onSigned);
  if (submission.kind === "lookAgain") return submission;
  const hash = submission.kind === "accepted" ? submission.hash : null;
  return { kind: "sent", sent: { ...what, fees, hash } };
}

/** Outbids a transaction that was not mined in time, again and again until the node takes it or the ceiling is reached. */
export async function replaceTransaction<T extends SentTransaction>(
  sender: Sender,
  sent: T,
  baseFeePerGasWei: bigint,
): Promise<Sending<T>> {
  let outbid = sent.fees;
  for (;;) {
    const offer = await offerNow(sender, baseFeePerGasWei, outbid);
    if (offer.kind === "aboveCeiling") return offer;
    const submission = await submit(sender.connection, sender.signer, sent.request, offer.fees, sender.onSigned);
    if (submission.kind === "lookAgain") return submission;
    if (submission.kind === "accepted") {
      return { kind: "sent", sent: { ...sent, fees: offer.fees, hash: submission.hash } };
    }
    outbid = offer.fees;
  }
}
