/**
 * Proves the work of this machine's models: finds them, prepares the reference string, and limits the proofs at a time.
 */
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Hex } from "viem";
import { circuitsDirectory } from "../../config/folders";
import { type ProvenWork } from "../../core/proofStatement";
import { NoAnswerError } from "../protocol/asker";
import { megabytesFor, openProver, type Prover } from "./prover";
import { type ProvableModel, readProvableModel, makeDevelopmentCrs, type ReferenceString } from "./installation";

/** Proves work of the models whose circuits are on this machine. */
export interface WorkProver {
  /** Why it can't prove a model's work, as the end of a sentence; undefined if it can. */
  complaintAbout(modelHash: Hex): string | undefined;
  /** Makes the common reference string if it is the one for development. @throws NoAnswerError */
  prepare(modelHash: Hex): Promise<void>;
  /**
   * @param binding Names the owner that the proof counts for: `proofBinding`.
   * @param stopping Gives the proof up.
   * @throws NoAnswerError, whose message is a complete clause.
   */
  prove(work: ProvenWork, binding: Hex, stopping: AbortSignal): Promise<Hex>;
  /** Returns once no proof is being made any more, and given-up ones have left nothing behind. */
  close(): Promise<void>;
}

/**
 * @param crs Undefined if none is named.
 * @param timeoutMilliseconds How long each of the two processes of a proof may take.
 * @throws UnreadableFileError, RefusedInputError if the file of a model is damaged.
 */
export function openWorkProver(crs: ReferenceString | undefined, timeoutMilliseconds: number): WorkProver {
  const models = new Map(installedModels().map((model) => [model.modelHash, model]));
  const mostPoints = Math.max(...[...models.values()].map(({ points }) => points));
  const running = new Set<Promise<Hex>>();
  const prepared = new Set<number>();
  let prover: Prover | undefined;
  const open = (modelHash: Hex) => {
    const model = models.get(modelHash);
    if (model === undefined) throw new NoAnswerError(`${circuitsDirectory} has no circuit for this model`);
    if (crs === undefined) throw new NoAnswerError("no common reference string is set: give its folder with --crs");
    try {
      prover ??= openProver({
        concurrency: provesAtOnce(megabytesFor(mostPoints)),
        crsDirectory: crs.directory,
        timeoutMilliseconds,
      });
    } catch (error) {
      throw ofTheProver(error);
    }
    return { model, crs, prover };
  };
  const prepare = async (modelHash: Hex): Promise<void> => {
    const { model, crs: used } = open(modelHash);
    if (!used.isForDevelopment || prepared.has(model.points)) return;
    await makeDevelopmentCrs(used.directory, model.points);
    prepared.add(model.points);
  };
  return {
    complaintAbout(modelHash) {
      try {
        open(modelHash);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    },
    prepare,
    async prove({ modelHash, ...claim }, binding, stopping) {
      await prepare(modelHash);
      const { model, prover: opened } = open(modelHash);
      const proving = opened.prove(model, { ...claim, binding }, stopping);
      running.add(proving);
      try {
        return await proving;
      } catch (error) {
        throw ofTheProver(error);
      } finally {
        running.delete(proving);
      }
    },
    async close() {
      await Promise.allSettled(running);
    },
  };
}

/** The prover's error as a complete clause. */
function ofTheProver(error: unknown): unknown {
  return error instanceof NoAnswerError ? new NoAnswerError(`the prover ${error.message}`) : error;
}

/** One per processor, as many as fit into half of the free memory; at least one. */
function provesAtOnce(megabytes: number): number {
  const fitting = Math.floor(process.availableMemory() / 2 ** 21 / megabytes);
  return Math.max(1, Math.min(availableParallelism(), fitting));
}

/** The models in the folders of circuits/ that `npm run circuits:build` has filled. */
function installedModels(): readonly ProvableModel[] {
  if (!existsSync(circuitsDirectory)) return [];
  const folders = readdirSync(circuitsDirectory).map((name) => join(circuitsDirectory, name));
  return folders.filter((folder) => existsSync(join(folder, "circuit.json"))).map(readProvableModel);
}
