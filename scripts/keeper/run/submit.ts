import { type Address, createWalletClient, type Hex, keccak256 } from "viem";
import { type Connection } from "../../chain/connection";
import { type Signer } from "../../chain/signer";
import { type Fees } from "./fees";
import { sendingRefusalOf, wordsOf } from "../../chain/nodeErrors";

/** A transaction down to its nonce. */
export interface TransactionRequest {
  readonly to: Address;
  readonly data: Hex;
  readonly gas: bigint;
  readonly nonce: number;
}

/** What became of a transaction that was handed to a node. */
export type Submission =
  | { readonly kind: "accepted"; readonly hash: Hex }
  /** Another transaction with the same nonce is on its way, and this one does not outbid it. */
  | { readonly kind: "underpriced" }
  /** The chain has moved on: look again. */
  | { readonly kind: "lookAgain" };

/**
 * Signs a transaction and hands it to the node. A transaction that the node has already counts as accepted.
 * @param onSigned Told the hash before anything is sent, so that it is known whatever becomes of the answer; only where the
 * key is held here.
 * @throws what the node answers, where it says something else than that the chain has moved on.
 */
export async function submit(
  { transport, deployment }: Pick<Connection, "transport" | "deployment">,
  signer: Signer,
  request: TransactionRequest,
  fees: Fees,
  onSigned: (hash: Hex) => void,
): Promise<Submission> {
  const wallet = createWalletClient({ account: signer, transport });
  const transaction = {
    ...request,
    maxFeePerGas: fees.maxFeePerGasWei,
    maxPriorityFeePerGas: fees.maxPriorityFeePerGasWei,
  };
  let known: Hex | undefined;
  try {
    if (typeof signer === "string" || signer.signTransaction === undefined) {
      return { kind: "accepted", hash: await wallet.sendTransaction({ ...transaction, chain: null }) };
    }
    const chainId = deployment.chainId;
    const signed = await signer.signTransaction({ ...transaction, chainId, type: "eip1559" });
    known = keccak256(signed);
    onSigned(known);
    await wallet.sendRawTransaction({ serializedTransaction: signed });
    return { kind: "accepted", hash: known };
  } catch (error) {
    switch (sendingRefusalOf(wordsOf(error))) {
      case "alreadyKnown":
        return known === undefined ? { kind: "underpriced" } : { kind: "accepted", hash: known };
      case "underpriced":
        return { kind: "underpriced" };
      case "nonceTaken":
      case "baseFeeRose":
        return { kind: "lookAgain" };
      case undefined:
        throw error;
    }
  }
}
