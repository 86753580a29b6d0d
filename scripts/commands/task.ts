/** A task on chain: submitting, completing and refunding it; and the files with its input and result. */
import { bytesToHex, type Hex, hexToBytes, keccak256 } from "viem";
import { minerIdOf } from "../actions/miners";
import {
  submitTask,
  completeTask,
  refundTask,
  inputOf,
  maxInlineBytes,
  resultOf,
  UnknownTaskError,
} from "../actions/tasks";
import { type Connection } from "../chain/connection";
import { listTasks } from "../views/taskRecords";
import { readTaskTypes, provenModels } from "../views/taskTypes";
import { formatMdt, parseMdt } from "../show/amounts";
import { renderTable } from "../show/table";
import { chainAndSignerOf, chainOf } from "./context";
import { parseWhole } from "./parameters";
import { type Runs } from "./table";
import { writeFileSync, readFileSync, statSync } from "node:fs";
import { proofBinding } from "../core/proofStatement";
import { NoAnswerError } from "../nodes/protocol/asker";
import { referenceStringOf } from "../nodes/prover/installation";
import { tell, untilSignalled } from "./terminal";
import { join } from "node:path";
import { dataDirectory } from "../chain/deployment";
import { maxBlobBytes, type BlobStore, openBlobStore } from "../nodes/blobs/store";
import { handOver } from "../nodes/clients/inputsAndResults";

/** Maximum time for a proof, which takes minutes on a slow machine. */
const longestProofMilliseconds = 3_600_000;

export const task: Runs<"task", "result" | "run" | "watch"> = {
  async complete({ task, result, file, proof, input, ...sender }, context) {
    const taskId = parseWhole("task", task);
    const content = contentOf("result", result, file);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    // If the transaction does not carry it, a miner's node with this data directory serves it.
    if (proof === undefined && content.length > maxInlineBytes) await (await blobsOf(chain)).put(content);
    const answer =
      proof === undefined
        ? resultOf(content)
        : {
            input: input === undefined ? await carriedInputOf(chain, taskId) : bytesToHex(readTaskFile(input)),
            result: bytesToHex(content),
            proof: bytesToHex(readTaskFile(proof)),
          };
    const { epoch, burnedWei, recycledWei } = await completeTask(chain, signer, taskId, answer);
    return {
      json: { taskId, epoch, burnedWei, recycledWei },
      text: `Task ${taskId} is completed and counts for epoch ${epoch}; ${formatMdt(burnedWei)} MDT of its fee were burned and ${formatMdt(recycledWei)} MDT recycled.`,
    };
  },

  async list(_args, context) {
    const tasks = await listTasks(await chainOf(context));
    return {
      json: tasks,
      text:
        tasks.length === 0
          ? "There are no tasks yet."
          : renderTable(
              [">task", "status", ">miner", ">type", "judged by", ">difficulty %", ">fee MDT", "deadline", "client"],
              tasks.map((task) => [
                String(task.taskId),
                task.status,
                String(task.minerId),
                String(task.typeId),
                task.modelHash === null ? "scores" : "a proof",
                (task.difficultyBps / 100).toFixed(2),
                formatMdt(task.feeWei),
                new Date(task.deadline * 1_000).toISOString(),
                task.client,
              ]),
            ),
    };
  },

  async prove({ task, file, input: inputFile, crs, out }, context) {
    const { openWorkProver } = await import("../nodes/prover/workProver");
    const taskId = parseWhole("task", task);
    const result = readTaskFile(file);
    const chain = await chainOf(context);
    const [submitted] = await chain.events.select(["TaskSubmitted"], { tasks: [taskId] });
    if (submitted === undefined) throw new UnknownTaskError(`There is no task ${taskId}: see "task list".`);
    const { typeId, minerId, inputHash, input: carried } = submitted.args;
    const modelHash = (await provenModels(chain)).get(typeId);
    if (modelHash === undefined)
      throw new Error(`Task ${taskId} needs no proof: results of its type ${typeId} are judged by scores.`);
    const input = inputFile === undefined ? hexToBytes(carried) : readTaskFile(inputFile);
    if (keccak256(input) !== inputHash) {
      const given = inputFile === undefined ? "The chain does not carry" : `${inputFile} is not`;
      throw new Error(`${given} the input of task ${taskId}: name its file with --input.`);
    }
    const { choices, chainId } = chain.deployment;
    const prover = openWorkProver(
      referenceStringOf(crs, choices.network, process.env.MDT_DATA),
      longestProofMilliseconds,
    );
    const complaint = prover.complaintAbout(modelHash);
    if (complaint !== undefined)
      throw new Error(`This machine can't prove results of model ${modelHash}: ${complaint}.`);
    tell(`Proving the result of task ${taskId}.`);
    const began = performance.now();
    const binding = proofBinding({ chainId, registry: chain.contracts.taskRegistry.address, taskId, minerId });
    const made = prover.prove({ modelHash, input, result }, binding, untilSignalled());
    const proof = hexToBytes(
      await made.catch((error: unknown) => {
        throw error instanceof NoAnswerError ? new Error(`Can't prove task ${taskId}: ${error.message}`) : error;
      }),
    );
    const seconds = (performance.now() - began) / 1_000;
    const json = { taskId, minerId, modelHash, bytes: proof.length, seconds };
    if (out === undefined)
      return { json: { ...json, proof: Buffer.from(proof).toString("base64") }, text: bytesToHex(proof) };
    writeFileSync(out, proof);
    return { json: { ...json, file: out }, text: `The proof of task ${taskId}, ${proof.length} bytes, is in ${out}.` };
  },

  async refund({ task, ...sender }, context) {
    const taskId = parseWhole("task", task);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const { client, refundedWei } = await refundTask(chain, signer, taskId);
    return {
      json: { taskId, client, refundedWei },
      text:
        refundedWei === 0n
          ? `Nothing to do: the fee of task ${taskId} was already refunded to ${client}.`
          : `Refunded ${formatMdt(refundedWei)} MDT of task ${taskId} to ${client}.`,
    };
  },

  async submit({ miner, input, file, type = "0", amount, seconds = "3600", ...sender }, context) {
    const content = contentOf("input", input, file);
    const request = {
      typeId: parseWhole("type", type, 2 ** 32 - 1),
      feeWei: amount === undefined ? undefined : parseMdt(amount),
      seconds: parseWhole("seconds", seconds, 2 ** 32 - 1),
      ...inputOf(content),
    };
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const minerId = await minerIdOf(chain, miner);
    const submitted = await submitTask(chain, signer, { minerId, ...request });
    if (content.length > maxInlineBytes) await bringToMiner(chain, minerId, content);
    return {
      json: { ...submitted, minerId, typeId: request.typeId },
      text: `Task ${submitted.taskId} waits for miner ${minerId} until ${new Date(submitted.deadline * 1_000).toISOString()}; its fee is ${formatMdt(submitted.feeWei)} MDT.`,
    };
  },

  async types(_args, context) {
    const { contracts, deployment } = await chainOf(context);
    const types = await readTaskTypes(
      contracts,
      deployment.config.tasks.types.map(({ name }) => name),
    );
    return {
      json: types,
      text: renderTable(
        [">type", "name", "open", ">difficulty %", ">minimum fee MDT", "judged by", "verifier"],
        types.map(({ typeId, name, isOpen, difficultyBps, minimumFeeWei, proof }) => [
          String(typeId),
          name,
          isOpen ? "yes" : "no",
          (difficultyBps / 100).toFixed(2),
          formatMdt(minimumFeeWei),
          proof === null ? "scores" : `proofs of model ${proof.modelHash}`,
          proof === null ? "" : proof.verifier,
        ]),
      ),
    };
  },
};

/** The input that a task's transaction carried; "0x" if it travels off chain, or there is no such task. */
async function carriedInputOf({ events }: Connection, taskId: number): Promise<Hex> {
  const [submitted] = await events.select(["TaskSubmitted"], { tasks: [taskId] });
  return submitted?.args.input ?? "0x";
}

/** A file can't be a task's input or result. */
export class TaskFileError extends Error {
  override readonly name = "TaskFileError";
}

/**
 * The bytes of a file.
 * @throws TaskFileError if it can't be read, or is longer than a blob may be.
 */
export function readTaskFile(path: string): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size > maxBlobBytes)
      throw new TaskFileError(`${path} has ${size} bytes, more than the ${maxBlobBytes} that a task can carry.`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof TaskFileError) throw error;
    throw new TaskFileError(`${path} can't be read: ${(error as NodeJS.ErrnoException).code ?? ""}.`);
  }
}

/** Content that was given as a text, or in a file. @throws TaskFileError; Error if it is both. */
export function contentOf(option: "input" | "result", text: string | undefined, file: string | undefined): Uint8Array {
  if (text !== undefined && file !== undefined) throw new Error(`Give --${option} or --file, not both.`);
  return file === undefined ? new TextEncoder().encode(text ?? "") : readTaskFile(file);
}

/** The blobs that this machine keeps for a deployment. */
export function blobsOf({ deployment }: Connection): Promise<BlobStore> {
  return openBlobStore(join(dataDirectory(deployment.id, process.env.MDT_DATA), "blobs"));
}

const patienceMilliseconds = 30_000;

/** Stores an input and sends it to the miner's node; says so if that does not take it. */
export async function bringToMiner(chain: Connection, minerId: number, input: Uint8Array): Promise<void> {
  await (await blobsOf(chain)).put(input);
  let trouble = "has not seen the task yet";
  const patience = AbortSignal.timeout(patienceMilliseconds);
  const isKept = await handOver(chain, minerId, input, patience, (reason) => (trouble = reason));
  if (isKept) return;
  tell(
    `The node of miner ${minerId} ${trouble}. The input is stored here; "task run", or a node with --listen and this data directory, serves it.`,
  );
}
