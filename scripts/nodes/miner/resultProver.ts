/** Proofs of a miner's results: each is made once, and kept until its task has ended, also where the node is killed meanwhile. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Address, bytesToHex, concat, hexToBytes, type Hex, keccak256 } from "viem";
import { type Connection } from "../../chain/connection";
import { refusalOf, simulate } from "../../chain/transact";
import { proofBinding, type ProvenWork, publicInputs } from "../../core/proofStatement";
import { removeAbandoned, writeWhole } from "../../keeper/archive/textFile";
import { NoAnswerError } from "../protocol/asker";
import { type WorkProver } from "../prover/workProver";

/** Proves what one miner gave. */
export interface ResultProver {
  /** As of WorkProver. */
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
  /** The miner's, which alone may complete its tasks. */
  readonly account: Address;
  /** The folder that belongs to this deployment. */
  readonly directory: string;
}

export function openResultProver(prover: WorkProver, options: ResultProverOptions): ResultProver {
  const { connection, minerId, account, directory } = options;
  const folder = join(directory, "proofs", String(minerId));
  const { chainId } = connection.deployment;
  const { taskRegistry } = connection.contracts;

  /** Whatever else the registry says of the task, it may say something else when the proof is sent. */
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
        throw new NoAnswerError("the verifier refuses the proof: it is of another circuit or reference string");
      }
      // Where the disk is full it may be made again.
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
