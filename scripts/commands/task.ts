import { bytesToHex, type Hex } from "viem";
import { minerIdOf } from "../actions/miners";
import { submitTask } from "../actions/tasks";
import { completeTask, completeTaskWithProof, refundTask } from "../actions/taskEnds";
import { inputOf, maxInlineBytes, resultOf } from "../actions/taskBytes";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { listTasks } from "../views/taskRecords";
import { readTaskTypes } from "../views/taskTypes";
import { formatMdt, parseMdt } from "../show/amounts";
import { renderTable } from "../show/table";
import { chainAndSignerOf, chainOf } from "./context";
import { parseWhole } from "./parameters";
import { blobsOf, bringToMiner, contentOf, readTaskFile } from "./taskFiles";
import { type Runs } from "./table";

export const runs: Runs<"task", "prove" | "result" | "run" | "watch"> = {
  async complete({ task, result, file, proof, input, ...sender }, context) {
    const taskId = parseWhole("task", task);
    const content = contentOf("result", result, file);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const completed =
      proof === undefined
        ? await completeByHash(chain, signer, taskId, content)
        : await completeTaskWithProof(chain, signer, taskId, {
            input: input === undefined ? await carriedInputOf(chain, taskId) : bytesToHex(readTaskFile(input)),
            result: bytesToHex(content),
            proof: bytesToHex(readTaskFile(proof)),
          });
    const { epoch, burnedWei, recycledWei } = completed;
    return {
      json: { taskId, ...completed },
      text: `Task ${taskId} is completed and counts for epoch ${epoch}; of its fee ${formatMdt(burnedWei)} MDT were burned and ${formatMdt(recycledWei)} MDT recycled.`,
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
        [">type", "name", "open", ">difficulty %", ">least fee MDT", "judged by", "verifier"],
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

async function completeByHash(chain: Connection, signer: Signer, taskId: number, content: Uint8Array) {
  // Where the transaction does not carry it, a miner's node with this data directory serves it.
  if (content.length > maxInlineBytes) await (await blobsOf(chain)).put(content);
  return completeTask(chain, signer, taskId, resultOf(content));
}

/** The input that a task's transaction carried; "0x" where it travels off chain, or there is no such task. */
async function carriedInputOf({ events }: Connection, taskId: number): Promise<Hex> {
  const [submitted] = await events.select(["TaskSubmitted"], { tasks: [taskId] });
  return submitted?.args.input ?? "0x";
}
