/** A task: its client pays for it, and its miner completes it, or the client gets the fee back. */
import { bytesToHex, type Hex, keccak256, stringToBytes, parseEventLogs, type Address } from "viem";
import { nextTimestamp } from "../chain/blocks";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { formatExactMdt } from "../show/amounts";
import { momentOf } from "../show/moments";
import { readTaskTypes, type TaskType } from "../views/taskTypes";
import {
  perform,
  siteOf,
  balanceAfter,
  inNextBlock,
  type Outcome,
  payingCall,
  type Plan,
  type Site,
  callOf,
  type Planned,
  nothing,
  planCall,
} from "./plan";
import { type Contracts } from "../chain/contracts";

/** Maximum bytes of an input or a result that a transaction carries: the TaskRegistry's MAX_INLINE_BYTES. */
export const maxInlineBytes = 4_096;

/** A task's input as the TaskRegistry takes it: its bytes, or "0x" if there are too many and they travel off chain. */
export function inputOf(content: string | Uint8Array): { readonly inputHash: Hex; readonly input: Hex } {
  const { hash, carried } = carriedOf(content);
  return { inputHash: hash, input: carried };
}

/** A task's result in the same way. */
export function resultOf(content: string | Uint8Array): { readonly resultHash: Hex; readonly result: Hex } {
  const { hash, carried } = carriedOf(content);
  return { resultHash: hash, result: carried };
}

function carriedOf(content: string | Uint8Array): { readonly hash: Hex; readonly carried: Hex } {
  const bytes = typeof content === "string" ? stringToBytes(content) : content;
  return { hash: keccak256(bytes), carried: bytes.length <= maxInlineBytes ? bytesToHex(bytes) : "0x" };
}

/** There is no such task type. */
export class UnknownTaskTypeError extends Error {
  override readonly name = "UnknownTaskTypeError";
}

type TaskFacts = Awaited<ReturnType<typeof readTaskFacts>>;

/**
 * What submitting a task depends on: every type by id, the part of a completed task's fee that is burned, and the time
 * that the next block would have, unix seconds.
 */
export async function readTaskFacts({ contracts, reader, account, taskTypeNames }: Site) {
  const [balanceWei, types, burnBps, now] = await Promise.all([
    contracts.token.read.balanceOf([account], inNextBlock),
    readTaskTypes(contracts, taskTypeNames),
    contracts.taskRegistry.read.burnBps(),
    nextTimestamp(reader),
  ]);
  return { balanceWei, types, burnBps, now };
}

/** What a client asks for. */
export interface TaskRequest {
  readonly minerId: number;
  readonly type: Pick<TaskType, "typeId" | "name" | "proof">;
  readonly feeWei: bigint;
  /** From now to the deadline. */
  readonly seconds: number;
  /** keccak256 of the miner's input. */
  readonly inputHash: Hex;
  /** The input itself if the transaction carries it; "0x" if it travels off chain. */
  readonly input: Hex;
}

/** A task that waits for its miner. */
export interface SubmittedTask extends Outcome {
  readonly taskId: number;
  /** Unix seconds. */
  readonly deadline: number;
}

/** Pays for a task and names the miner that must complete it. */
export function planSubmitTask(
  { contracts }: Site,
  facts: TaskFacts,
  { minerId, type, feeWei, seconds, inputHash, input }: TaskRequest,
): Plan<SubmittedTask> {
  const { taskRegistry } = contracts;
  const deadline = Number(facts.now) + seconds;
  const until = momentOf(deadline).text;
  const args = [minerId, type.typeId, feeWei, BigInt(deadline), inputHash, input] as const;
  return {
    ...payingCall({ ...taskRegistry, functionName: "submitTask", args }, feeWei),
    statements: [
      `You pay ${formatExactMdt(feeWei)} MDT for a task of type "${type.name}". Miner ${minerId} must complete it by ${until}.`,
      `When the task is completed, ${facts.burnBps / 100} % of the fee is burned and the rest recycled; if it misses the deadline, you can reclaim the fee.`,
      input === "0x"
        ? "Only the hash of your input is written on chain: the miner and the validators must get the input from you."
        : "Your input is stored on chain unencrypted, where anyone can read it for ever.",
      ...(type.proof === null
        ? []
        : [`The chain accepts only a result with a proof that it comes from model ${type.proof.modelHash}.`]),
      balanceAfter(facts.balanceWei, feeWei),
    ],
    outcomeOf: (logs) => {
      const [submitted] = parseEventLogs({ abi: taskRegistry.abi, eventName: "TaskSubmitted", logs: [...logs] });
      const taskId = Number(submitted!.args.taskId);
      return { taskId, deadline, sentence: `Task ${taskId} is submitted: miner ${minerId} has until ${until}.` };
    },
  };
}

/**
 * Pays for a signer's task.
 * @param request The fee is the type's minimum by default.
 * @throws UnknownTaskTypeError if there is no such type.
 */
export async function submitTask(
  connection: Connection,
  signer: Signer,
  request: Omit<TaskRequest, "type" | "feeWei"> & { readonly typeId: number; readonly feeWei?: bigint | undefined },
): Promise<{ readonly taskId: number; readonly feeWei: bigint; readonly deadline: number }> {
  const site = siteOf(connection, signer);
  const facts = await readTaskFacts(site);
  const type = facts.types[request.typeId];
  if (type === undefined) {
    const range = `0 to ${facts.types.length - 1}`;
    throw new UnknownTaskTypeError(`There is no task type ${request.typeId}: this network has types ${range}.`);
  }
  const feeWei = request.feeWei ?? type.minimumFeeWei;
  const { outcome } = await perform(connection, signer, planSubmitTask(site, facts, { ...request, type, feeWei }));
  return { taskId: outcome.taskId, feeWei, deadline: outcome.deadline };
}

/** There is no such task. */
export class UnknownTaskError extends Error {
  override readonly name = "UnknownTaskError";
}

/** A result's keccak256, and the result if the transaction carries it; "0x" if it travels off chain. */
export interface TaskAnswer {
  readonly resultHash: Hex;
  readonly result: Hex;
}

/** The epoch for which a task counts, and what became of its fee. */
export interface CompletedTask extends Outcome {
  readonly epoch: number;
  readonly burnedWei: bigint;
  readonly recycledWei: bigint;
}

/** Submits a result that is judged by scores: the fee is burned and recycled, and the task counts. */
export function planCompleteTask(
  { contracts }: Site,
  taskId: number,
  { resultHash, result }: TaskAnswer,
): Plan<CompletedTask> {
  const { taskRegistry } = contracts;
  return {
    ...answering(contracts, taskId),
    call: callOf({ ...taskRegistry, functionName: "completeTask", args: [BigInt(taskId), resultHash, result] }),
    statements: [
      `You answer task ${taskId}. A result can't be changed afterwards.`,
      result === "0x"
        ? "Only the hash of your result is written on chain: your node must serve the result."
        : "Your result is stored on chain unencrypted, where anyone can read it for ever.",
      "Its fee is burned and recycled. What you earn depends on how validators score the result.",
    ],
  };
}

/** The input and result of a task's model, and their proof, as the verifier of the task's type takes them. */
export interface ProvenAnswer {
  readonly input: Hex;
  readonly result: Hex;
  readonly proof: Hex;
}

/** Submits a result with its proof: the same, but the work counts in full, regardless of scores. */
export function planCompleteTaskWithProof(
  { contracts }: Site,
  taskId: number,
  { input, result, proof }: ProvenAnswer,
): Plan<CompletedTask> {
  const args = [BigInt(taskId), input, result, proof] as const;
  return {
    ...answering(contracts, taskId),
    call: callOf({ ...contracts.taskRegistry, functionName: "completeTaskWithProof", args }),
    statements: [
      `You answer task ${taskId} with a proof of the result. A result can't be changed afterwards.`,
      "Input, result and proof are stored on chain unencrypted, where anyone can read them for ever.",
      "Its fee is burned and recycled. The work counts in full, regardless of scores.",
    ],
  };
}

function answering({ taskRegistry }: Contracts, taskId: number): Pick<Plan<CompletedTask>, "payment" | "outcomeOf"> {
  return {
    payment: null,
    outcomeOf: (logs) => {
      const [completed] = parseEventLogs({ abi: taskRegistry.abi, eventName: "TaskCompleted", logs: [...logs] });
      const { burnedWei, recycledWei } = completed!.args;
      const epoch = Number(completed!.args.epoch);
      return { epoch, burnedWei, recycledWei, sentence: `Task ${taskId} is completed and counts for epoch ${epoch}.` };
    },
  };
}

/** Submits a signer's result, with its proof if it has one. */
export async function completeTask(
  connection: Connection,
  signer: Signer,
  taskId: number,
  answer: TaskAnswer | ProvenAnswer,
): Promise<CompletedTask> {
  const site = siteOf(connection, signer);
  const plan =
    "proof" in answer ? planCompleteTaskWithProof(site, taskId, answer) : planCompleteTask(site, taskId, answer);
  return (await perform(connection, signer, plan)).outcome;
}

/** Refunds the fee of a task whose deadline has passed to its client; anyone may send it. */
export function planRefundTask(
  { contracts }: Site,
  { taskId, client, feeWei, isRefunded }: { taskId: number; client: Address; feeWei: bigint; isRefunded: boolean },
): Planned {
  const fee = `${formatExactMdt(feeWei)} MDT of task ${taskId}`;
  if (isRefunded) return nothing(`${client} already got back the ${fee}.`);
  return planCall(
    { ...contracts.taskRegistry, functionName: "refundTask", args: [BigInt(taskId)] },
    [`${client} gets back the ${fee}.`, "Its miner can no longer complete it."],
    `${client} got the ${fee} back.`,
  );
}

/** A task's status by its number in the TaskRegistry. */
const statuses = ["none", "open", "completed", "refunded"] as const;

/**
 * Refunds the fee of a task whose deadline has passed to its client; anyone may send it.
 * @returns The client, and its refund in wei: 0 if it was refunded before, and then nothing was sent.
 * @throws UnknownTaskError if there is no such task.
 */
export async function refundTask(
  connection: Connection,
  signer: Signer,
  taskId: number,
): Promise<{ readonly client: Address; readonly refundedWei: bigint }> {
  const { client, feeWei, status } = await connection.contracts.taskRegistry.read.taskOf([BigInt(taskId)]);
  if (statuses[status] === "none") {
    throw new UnknownTaskError(`There is no task ${taskId}: see "npx mdt task list".`);
  }
  const facts = { taskId, client, feeWei, isRefunded: statuses[status] === "refunded" };
  const planned = planRefundTask(siteOf(connection, signer), facts);
  if (planned.kind === "nothing") return { client, refundedWei: 0n };
  await perform(connection, signer, planned.plan);
  return { client, refundedWei: feeWei };
}
