/** Makes a worker's result ready for the chain: proven if its type asks for it, kept here if it travels off chain. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { bytesToHex, type Hex, keccak256, type Address, concat, hexToBytes } from "viem";
import { type BlobStore } from "../blobs/store";
import { type LiveTask } from "../run/nodeView";
import { type Connection } from "../../chain/connection";
import { refusalOf, simulate } from "../../chain/transact";
import { proofBinding, type ProvenWork, publicInputs } from "../../core/proofStatement";
import { removeAbandoned, writeWhole } from "../../keeper/archive/textFile";
import { NoAnswerError } from "../protocol/asker";
import { type WorkProver } from "../prover/workProver";

/** A task, and the model whose work it asks a proof of; undefined if scores judge it. */
export interface AcceptedTask extends LiveTask {
  readonly modelHash: Hex | undefined;
}

/** What a task is completed with. */
export type ReadyResult =
  | {
      readonly kind: "answer";
      readonly hash: Hex;
      /** The result itself, or "0x" if it travels off chain. */
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

/** @throws NoAnswerError if it can't be proven; BlobStoreError */
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
  // A result that travels off chain is kept before the chain hears of it, so that it can always be served.
  const hash = isInline ? keccak256(result) : await blobs.put(result);
  return { kind: "answer", hash, carried: isInline ? bytesToHex(result) : "0x" };
}

/** Proves one miner's results. */
export interface ResultProver {
  /** As in WorkProver. */
  readonly complaintAbout: (modelHash: Hex) => string | undefined;
  /** A proof that the registry accepts, as far as it can be asked. @throws NoAnswerError */
  prove(taskId: number, work: ProvenWork, stopping: AbortSignal): Promise<Hex>;
  /** Removes the proofs of all other tasks. */
  keepOnly(taskIds: ReadonlySet<number>): Promise<void>;
}

/** Where a miner proves, and for whom. */
export interface ResultProverOptions {
  readonly connection: Connection;
  readonly minerId: number;
  /** The miner's account, which alone may complete its tasks. */
  readonly account: Address;
  /** The folder that belongs to this deployment. */
  readonly directory: string;
}

export function openResultProver(prover: WorkProver, options: ResultProverOptions): ResultProver {
  const { connection, minerId, account, directory } = options;
  const folder = join(directory, "proofs", String(minerId));
  const { chainId } = connection.deployment;
  const { taskRegistry } = connection.contracts;

  /** Only ProofRefused counts: the registry's other refusals may have passed by the time the proof is sent. */
  async function isRefused(taskId: number, { input, result }: ProvenWork, proof: Hex): Promise<boolean> {
    const args = [BigInt(taskId), bytesToHex(input), bytesToHex(result), proof];
    const call = { ...taskRegistry, functionName: "completeTaskWithProof", args };
    const refused = await simulate(connection.reader, account, call).catch((error: unknown) => error);
    return refusalOf(call.functionName, refused)?.errorName === "ProofRefused";
  }

  return {
    complaintAbout: (modelHash) => prover.complaintAbout(modelHash),
    async prove(taskId, work, stopping) {
      const binding = proofBinding({ chainId, registry: taskRegistry.address, taskId, minerId });
      const path = join(folder, `${taskId}-${keccak256(concat([...publicInputs(work, binding)]))}`);
      const kept = await readFile(path).then(bytesToHex, () => undefined);
      // The disk may have damaged it, and circuit and reference string may have been replaced since.
      if (kept !== undefined && !(await isRefused(taskId, work, kept))) return kept;
      const proof = await prover.prove(work, binding, stopping);
      if (await isRefused(taskId, work, proof)) {
        throw new NoAnswerError("the verifier refuses the proof: it was made with another circuit or reference string");
      }
      // If the disk is full, the proof may have to be made again.
      await writeWhole(path, [hexToBytes(proof)]).catch(() => undefined);
      return proof;
    },
    async keepOnly(taskIds) {
      const names = await readdir(folder).catch(() => []);
      const ended = names.filter((name) => /^\d+-0x[0-9a-f]{64}$/.test(name) && !taskIds.has(Number.parseInt(name)));
      await Promise.all(ended.map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)));
      await removeAbandoned(folder, Date.now());
    },
  };
}
