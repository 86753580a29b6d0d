/** What a worker gave, ready to be handed to the chain. */
import { bytesToHex, type Hex, keccak256 } from "viem";
import { type BlobStore } from "../blobs/store";
import { type LiveTask } from "../run/liveTasks";
import { type ResultProver } from "./resultProver";

/** A task, and the model whose work it asks a proof of; undefined where scores judge. */
export interface AcceptedTask extends LiveTask {
  readonly modelHash: Hex | undefined;
}

/** What a task is completed with. */
export type ReadyResult =
  | {
      readonly kind: "answer";
      readonly hash: Hex;
      /** The result itself, or "0x" where it travels off chain. */
      readonly carried: Hex;
    }
  | { readonly kind: "proven"; readonly input: Hex; readonly result: Hex; readonly proof: Hex };

/** What results are made ready with. */
export interface ReadyingOptions {
  /** Proves results of the types that ask for it. */
  readonly prover: ResultProver;
  readonly blobs: BlobStore;
  /** Results of up to this many bytes travel in the transaction. */
  readonly mostInlineBytes: number;
}

/** @throws NoAnswerError where it can't be proven; BlobStoreError */
export async function readyResult(
  { prover, blobs, mostInlineBytes }: ReadyingOptions,
  { taskId, modelHash }: AcceptedTask,
  { input, result }: { readonly input: Uint8Array; readonly result: Uint8Array },
  stopping: AbortSignal,
): Promise<ReadyResult> {
  if (modelHash !== undefined) {
    const proof = await prover.prove(taskId, { modelHash, input, result }, stopping);
    return { kind: "proven", input: bytesToHex(input), result: bytesToHex(result), proof };
  }
  const isInline = result.length <= mostInlineBytes;
  // What the chain does not carry is kept before it hears of it, so that it can always be served.
  const hash = isInline ? keccak256(result) : await blobs.put(result);
  return { kind: "answer", hash, carried: isInline ? bytesToHex(result) : "0x" };
}
