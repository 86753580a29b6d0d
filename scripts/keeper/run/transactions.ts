/** Sends transactions that can be replaced: each keeps its nonce and its bytes, and is outbid until it is mined. */
import {
  type Address,
  createWalletClient,
  type Hex,
  keccak256,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from "viem";
import { estimateMaxPriorityFeePerGas } from "viem/actions";
import { type Connection } from "../../chain/connection";
import { ContradictionError } from "../../chain/badAnswers";
import { sendingRefusalOf, wordsOf } from "../../chain/nodeErrors";
import { addressOf, type Signer } from "../../chain/signer";
import { sendingError } from "../../chain/transact";
import { type Fees, type Offer, offerFor } from "./fees";

/** A transaction without its fees. */
export interface TransactionRequest {
  readonly to: Address;
  readonly data: Hex;
  readonly gas: bigint;
  readonly nonce: number;
}

/** A transaction that was handed to the network, so that it can be replaced: same nonce, higher fees. */
export interface SentTransaction {
  readonly request: TransactionRequest;
  /** What its newest version offers. */
  readonly fees: Fees;
  /** Its newest version; null if another transaction with the same nonce was pending already. */
  readonly hash: Hex | null;
}

/** A settlement that was handed to the network. */
export interface SentSettlement extends SentTransaction {
  readonly epoch: number;
  /** The validators that signed it through their contracts. */
  readonly byContract: readonly Address[];
}

/** The outcome of sending. */
export type Sending<S extends SentTransaction = SentSettlement> =
  { readonly kind: "sent"; readonly sent: S } | { readonly kind: "aboveCeiling"; readonly askedWei: bigint } | MovedOn;

/** The chain has moved on: look again. */
type MovedOn =
  /** A transaction with this nonce is mined. */
  | { readonly kind: "nonceTaken" }
  /** The fee is now too low for any block. */
  | { readonly kind: "baseFeeRose" };

/** An account that sends, and the connection that it uses. */
export class Sender {
  /**
   * Every transaction that it has signed, added before it is sent, so that it is known even if the answer is lost. If
   * the node signs, a transaction is not known before the answer.
   */
  readonly signed = new Set<Hex>();
  /** The nonce that was refused last, because a transaction with it is mined. */
  takenNonce: number | undefined;

  constructor(
    readonly connection: Connection,
    readonly signer: Signer,
  ) {}

  /** The most that it pays per gas, in wei. */
  get ceilingWei(): bigint {
    return this.connection.deployment.config.keeper.maxFeePerGasWei;
  }

  /**
   * If a nonce was refused because a transaction with it is mined, the next look must have counted that transaction.
   * @throws ContradictionError if it has not: then nothing that is sent can ever be mined.
   */
  requireFreeNonce(minedTransactions: number): void {
    const taken = this.takenNonce;
    this.takenNonce = undefined;
    if (taken === undefined || minedTransactions > taken) return;
    throw new ContradictionError(
      `An endpoint counts only ${minedTransactions} mined transactions from ${addressOf(this.signer)}, although the one with nonce ${taken} is mined.`,
    );
  }
}

/** The receipt of a transaction; undefined if an endpoint has none. */
export function receiptOf({ reader }: Pick<Connection, "reader">, hash: Hex): Promise<TransactionReceipt | undefined> {
  return reader.getTransactionReceipt({ hash }).catch((error: unknown) => {
    if (error instanceof TransactionReceiptNotFoundError) return undefined;
    throw error;
  });
}

/** What a transaction would have to offer now. */
async function offerNow(sender: Sender, baseFeePerGasWei: bigint, outbid: Fees | undefined): Promise<Offer> {
  const priorityFeePerGasWei = await estimateMaxPriorityFeePerGas(sender.connection.reader);
  return offerFor({ baseFeePerGasWei, priorityFeePerGasWei }, sender.ceilingWei, outbid);
}

/**
 * What a transaction must offer to replace another one: more than that, unless this would be above the ceiling. Then it
 * offers what a new one would: the other is still not mined, so the node may have forgotten it.
 */
export async function offerInstead(sender: Sender, baseFeePerGasWei: bigint, outbid: Fees | undefined): Promise<Offer> {
  const offer = await offerNow(sender, baseFeePerGasWei, outbid);
  if (offer.kind === "fees" || outbid === undefined) return offer;
  return offerNow(sender, baseFeePerGasWei, undefined);
}

/**
 * Sends a transaction for the first time. If another one with its nonce is pending (from a process with the same key,
 * or from this one before a restart), that one gets the usual time to be mined.
 * @param what The transaction, and anything else to remember about it.
 */
export async function sendTransaction<T extends Pick<SentTransaction, "request">>(
  sender: Sender,
  what: T,
  fees: Fees,
): Promise<Sending<T & SentTransaction>> {
  const submission = await submit(sender, what.request, fees);
  if (submission.kind === "nonceTaken" || submission.kind === "baseFeeRose") return submission;
  const hash = submission.kind === "accepted" ? submission.hash : null;
  return { kind: "sent", sent: { ...what, fees, hash } };
}

/**
 * Outbids a transaction that was not mined in time, again and again until the node takes it or the ceiling is reached.
 * At the ceiling, it is sent again as it was: the node may have forgotten it.
 */
export async function replaceTransaction<T extends SentTransaction>(
  sender: Sender,
  sent: T,
  baseFeePerGasWei: bigint,
): Promise<Sending<T>> {
  let outbid = sent.fees;
  for (;;) {
    const offer = await offerNow(sender, baseFeePerGasWei, outbid);
    const submission = await submit(sender, sent.request, offer.kind === "fees" ? offer.fees : sent.fees);
    if (submission.kind === "nonceTaken") return submission;
    if (offer.kind === "aboveCeiling") return offer;
    if (submission.kind === "baseFeeRose") return submission;
    if (submission.kind === "accepted") {
      return { kind: "sent", sent: { ...sent, fees: offer.fees, hash: submission.hash } };
    }
    outbid = offer.fees;
  }
}

/** The outcome of handing a transaction to a node. */
type Submission =
  | { readonly kind: "accepted"; readonly hash: Hex }
  /** Another transaction with the same nonce is pending, and this one does not outbid it. */
  | { readonly kind: "underpriced" }
  | MovedOn;

/**
 * Signs a transaction and hands it to the node. A transaction that the node already has counts as accepted.
 * @throws the node's refusal, unless it is one that Submission lists.
 */
async function submit(sender: Sender, request: TransactionRequest, fees: Fees): Promise<Submission> {
  const { connection, signer } = sender;
  const { reader, transport, deployment } = connection;
  sender.takenNonce = undefined;
  const wallet = createWalletClient({ account: signer, transport });
  const transaction = {
    ...request,
    maxFeePerGas: fees.maxFeePerGasWei,
    maxPriorityFeePerGas: fees.maxPriorityFeePerGasWei,
  };
  const isSignedBefore = typeof signer !== "string" && signer.signTransaction !== undefined;
  // Outside the `try`: a remote signer's error is not a node's refusal.
  const signed = isSignedBefore
    ? await signer.signTransaction({ ...transaction, chainId: deployment.chainId, type: "eip1559" })
    : undefined;
  const known = signed === undefined ? undefined : keccak256(signed);
  if (known !== undefined) sender.signed.add(known);
  try {
    const hash =
      signed === undefined
        ? await wallet.sendTransaction({ ...transaction, chain: null })
        : await wallet.sendRawTransaction({ serializedTransaction: signed });
    return { kind: "accepted", hash: known ?? hash };
  } catch (error) {
    const refusal = sendingRefusalOf(wordsOf(error));
    switch (refusal) {
      case "alreadyKnown":
        return known === undefined ? { kind: "underpriced" } : { kind: "accepted", hash: known };
      case "nonceTaken":
        sender.takenNonce = request.nonce;
        return { kind: refusal };
      case "underpriced":
      case "baseFeeRose":
        return { kind: refusal };
      case undefined:
        throw await sendingError(reader, addressOf(signer), error);
    }
  }
}
