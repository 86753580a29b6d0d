/** Proofs of a miner's results: each is made once, and kept until its task has ended, also where the node is killed meanwhile. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { bytesToHex, concat, hexToBytes, type Hex, keccak256, stringToHex } from "viem";
import { type Connection } from "../../chain/connection";
import { proofBinding, type ProvenWork, publicInputs } from "../../core/proofStatement";
import { removeAbandoned, writeWhole } from "../../keeper/archive/textFile";
import { type ReferenceString } from "../prover/referenceString";
import { type WorkProver } from "../prover/workProver";

/** Proves what one miner gave. */
export interface ResultProver {
  /** As of WorkProver. */
  readonly complaintAbout: (modelHash: Hex) => string | undefined;
  /** @throws NoAnswerError */
  prove(taskId: number, work: ProvenWork, stopping: AbortSignal): Promise<Hex>;
  /** Removes the proofs of all other tasks. */
  keepOnly(taskIds: ReadonlySet<number>): Promise<void>;
}

/** Where a miner proves, and for whom. */
export interface ResultProverOptions {
  readonly connection: Connection;
  readonly minerId: number;
  /** The folder that belongs to this deployment. */
  readonly directory: string;
  /** A proof that was made with another one is refused: it is not used again. */
  readonly crs: ReferenceString | undefined;
}

export function openResultProver(prover: WorkProver, options: ResultProverOptions): ResultProver {
  const { connection, minerId, directory, crs } = options;
  const folder = join(directory, "proofs", String(minerId));
  const { chainId } = connection.deployment;
  const { address: registry } = connection.contracts.taskRegistry;
  return {
    complaintAbout: (modelHash) => prover.complaintAbout(modelHash),
    async prove(taskId, work, stopping) {
      const binding = proofBinding({ chainId, registry, taskId, minerId });
      const statement = keccak256(concat([...publicInputs(work, binding), stringToHex(crs?.directory ?? "")]));
      const path = join(folder, `${taskId}-${statement}`);
      const kept = await readFile(path).catch(() => undefined);
      if (kept !== undefined) return bytesToHex(kept);
      const proof = await prover.prove(work, binding, stopping);
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
