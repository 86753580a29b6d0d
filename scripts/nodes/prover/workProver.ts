/** Proving what a machine's models did, whichever of them it is: which of them it has, with what, and how many proofs at once. */
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
  /** Why it can't prove what a model does, in the words that end a sentence; undefined if it can. */
  complaintAbout(modelHash: Hex): string | undefined;
  /** Makes the common reference string where that is the one for development. @throws NoAnswerError */
  prepare(modelHash: Hex): Promise<void>;
  /**
   * @param binding For whom the proof counts: `proofBinding`.
   * @param stopping Gives the proof up.
   * @throws NoAnswerError whose message is a clause of its own
   */
  prove(work: ProvenWork, binding: Hex, stopping: AbortSignal): Promise<Hex>;
  /** Returns when no proof is being made any more, and nothing is left of those that were given up. */
  close(): Promise<void>;
}

/**
 * @param crs Undefined if nobody said which.
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
    if (model === undefined) throw new NoAnswerError(`${circuitsDirectory} has no circuit for it`);
    if (crs === undefined) throw new NoAnswerError("name the folder of the common reference string with --crs");
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

/** What is said of the prover, as a clause of its own. */
function ofTheProver(error: unknown): unknown {
  return error instanceof NoAnswerError ? new NoAnswerError(`the prover ${error.message}`) : error;
}

/** One for each processor, as far as they fit into half of the memory that is free; at least one. */
function provesAtOnce(megabytes: number): number {
  const fitting = Math.floor(process.availableMemory() / 2 ** 21 / megabytes);
  return Math.max(1, Math.min(availableParallelism(), fitting));
}

/** Of every folder of circuits/ that `npm run circuits:build` has filled. */
function installedModels(): readonly ProvableModel[] {
  if (!existsSync(circuitsDirectory)) return [];
  const folders = readdirSync(circuitsDirectory).map((name) => join(circuitsDirectory, name));
  return folders.filter((folder) => existsSync(join(folder, "circuit.json"))).map(readProvableModel);
}
