import { estimateMaxPriorityFeePerGas } from "viem/actions";
import { type Hex } from "viem";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { type Fees, type Offer, offerFor } from "./fees";
import { submit, type TransactionRequest } from "./submit";

/** A settlement that was handed to the network, so that it can be replaced: same nonce, same bytes, higher fees. */
export interface SentSettlement {
  readonly epoch: number;
  readonly request: TransactionRequest;
  /** What its newest transaction offers. */
  readonly fees: Fees;
  /** Its newest transaction; null where somebody else's with the same nonce was on its way already. */
  readonly hash: Hex | null;
  /** How many accounts it pays. */
  readonly paid: number;
}

/** What became of sending. */
export type Sending =
  | { readonly kind: "sent"; readonly sent: SentSettlement }
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

/** What a settlement would have to offer now. */
export async function offerNow(
  { connection, maxFeePerGasWei }: Sender,
  baseFeePerGasWei: bigint,
  outbid: Fees | undefined,
): Promise<Offer> {
  const priorityFeePerGasWei = await estimateMaxPriorityFeePerGas(connection.reader);
  return offerFor({ baseFeePerGasWei, priorityFeePerGasWei }, maxFeePerGasWei, outbid);
}

/**
 * Sends a settlement for the first time. Where another transaction with its nonce is on its way (of a keeper with the same
 * key, or of this one before it was restarted), that one is given the time to be mined that any transaction gets.
 */
export async function sendSettlement(
  sender: Sender,
  settlement: Pick<SentSettlement, "epoch" | "request" | "paid">,
  fees: Fees,
): Promise<Sending> {
  const submission = await submit(sender.connection, sender.signer, settlement.request, fees, sender.onSigned);
  if (submission.kind === "lookAgain") return submission;
  const hash = submission.kind === "accepted" ? submission.hash : null;
  return { kind: "sent", sent: { ...settlement, fees, hash } };
}

/** Outbids a settlement that was not mined in time, again and again until the node takes it or the ceiling is reached. */
export async function replaceSettlement(
  sender: Sender,
  sent: SentSettlement,
  baseFeePerGasWei: bigint,
): Promise<Sending> {
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
