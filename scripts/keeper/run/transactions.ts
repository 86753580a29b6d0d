/** Sending so that it can be replaced: every transaction keeps its nonce and its bytes, and is outbid until it is mined. */
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

/** A transaction down to its nonce. */
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
  /** Its newest version; null if someone else's with the same nonce was pending already. */
  readonly hash: Hex | null;
}

/** A settlement that was handed to the network. */
export interface SentSettlement extends SentTransaction {
  readonly epoch: number;
  /** The validators that signed it by their contracts' word. */
  readonly byContract: readonly Address[];
}

/** What became of sending. */
export type Sending<S extends SentTransaction = SentSettlement> =
  { readonly kind: "sent"; readonly sent: S } | { readonly kind: "aboveCeiling"; readonly askedWei: bigint } | MovedOn;

/** The chain has moved on: look again. */
type MovedOn =
  /** A transaction with this nonce is mined. */
  | { readonly kind: "nonceTaken" }
  /** No block takes so low a fee now. */
  | { readonly kind: "baseFeeRose" };

/** An account that sends, and through what. */
export class Sender {
  /**
   * Every transaction that it has signed, each from before it is sent, so that it is known whatever becomes of the answer;
   * not where the node that it is sent to signs.
   */
  readonly signed = new Set<Hex>();
  /** The nonce that was refused last because a transaction with it is mined. */
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
   * Where a nonce was refused because a transaction with it is mined, the next look must have counted that transaction.
   * @throws ContradictionError if it has not: then nothing that is sent can ever be mined.
   */
  requireFreeNonce(minedTransactions: number): void {
    const taken = this.takenNonce;
    this.takenNonce = undefined;
    if (taken === undefined || minedTransactions > taken) return;
    throw new ContradictionError(
      `An endpoint counts only ${minedTransactions} mined transactions of ${addressOf(this.signer)}, although the one with nonce ${taken} is mined.`,
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
 * What a transaction has to offer that takes the place of another one: more than that, unless that offers all that may be paid.
 * It is still not mined, so the node may have forgotten it.
 */
export async function offerInstead(sender: Sender, baseFeePerGasWei: bigint, outbid: Fees | undefined): Promise<Offer> {
  const offer = await offerNow(sender, baseFeePerGasWei, outbid);
  if (offer.kind === "fees" || outbid === undefined) return offer;
  return offerNow(sender, baseFeePerGasWei, undefined);
}

/**
 * Sends a transaction for the first time. Where another one with its nonce is pending (of a process with the same key,
 * or of this one before it was restarted), that one is given the time to be mined that any transaction gets.
 * @param what The transaction, and whatever else is to be remembered of it.
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
 * Outbids a transaction that was not mined in time, again and again until the node takes it or the ceiling is reached. There it is
 * handed over as it is: the node may have forgotten it.
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

/** What became of a transaction that was handed to a node. */
type Submission =
  | { readonly kind: "accepted"; readonly hash: Hex }
  /** Another transaction with the same nonce is on its way, and this one does not outbid it. */
  | { readonly kind: "underpriced" }
  | MovedOn;

/**
 * Signs a transaction and hands it to the node. A transaction that the node has already counts as accepted.
 * @throws what the node answers, where it says something else than that the chain has moved on.
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
  // What a remote signer says is nothing that a node said.
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
