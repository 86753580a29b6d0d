/** How a task ends: its miner completes it, or its client gets the fee back. */
import { type Address, type Hex, parseEventLogs } from "viem";
import { type Connection } from "../chain/connection";
import { type Contracts } from "../chain/contracts";
import { type Signer } from "../chain/signer";
import { formatExactMdt } from "../show/amounts";
import { perform, siteOf } from "./perform";
import { callOf, type Outcome, type Plan, type Planned, type Site } from "./plan";

/** There is no such task. */
export class UnknownTaskError extends Error {
  override readonly name = "UnknownTaskError";
}

/** A result's keccak256, and the result where the transaction carries it; "0x" where it travels off chain. */
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

/** Submits a result that scores judge: the fee is burned and recycled, and the task counts. */
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

/** What a task's model was given, what it gave, and the proof of that, as the verifier of the task's type takes it. */
export interface ProvenAnswer {
  readonly input: Hex;
  readonly result: Hex;
  readonly proof: Hex;
}

/** Submits a result with its proof: the same, and the work counts in full. */
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

/** Submits a signer's result. */
export async function completeTask(
  connection: Connection,
  signer: Signer,
  taskId: number,
  answer: TaskAnswer,
): Promise<Omit<CompletedTask, "sentence">> {
  const plan = planCompleteTask(siteOf(connection, signer), taskId, answer);
  const { epoch, burnedWei, recycledWei } = (await perform(connection, signer, plan)).outcome;
  return { epoch, burnedWei, recycledWei };
}

/** Submits a signer's result with its proof. */
export async function completeTaskWithProof(
  connection: Connection,
  signer: Signer,
  taskId: number,
  answer: ProvenAnswer,
): Promise<Omit<CompletedTask, "sentence">> {
  const plan = planCompleteTaskWithProof(siteOf(connection, signer), taskId, answer);
  const { epoch, burnedWei, recycledWei } = (await perform(connection, signer, plan)).outcome;
  return { epoch, burnedWei, recycledWei };
}

/** A task as a refund looks at it. */
export interface RefundFacts {
  readonly taskId: number;
  readonly client: Address;
  readonly feeWei: bigint;
  readonly isRefunded: boolean;
}

/** Gives the fee of a task whose deadline has passed back to its client; anyone may send it. */
export function planRefundTask({ contracts }: Site, { taskId, client, feeWei, isRefunded }: RefundFacts): Planned {
  const fee = `${formatExactMdt(feeWei)} MDT of task ${taskId}`;
  if (isRefunded) return { kind: "nothing", sentence: `${client} already got the ${fee} back.` };
  return {
    kind: "plan",
    plan: {
      call: callOf({ ...contracts.taskRegistry, functionName: "refundTask", args: [BigInt(taskId)] }),
      payment: null,
      statements: [`${client} gets the ${fee} back.`, "Its miner can no longer complete it."],
      outcomeOf: () => ({ sentence: `${client} got the ${fee} back.` }),
    },
  };
}

/** A task's status by its number in the TaskRegistry. */
const statuses = ["none", "open", "completed", "refunded"] as const;

/**
 * Gives the fee of a task whose deadline has passed back to its client; anyone may send it.
 * @returns What the client got back in wei: 0 where it got it before, and then nothing was sent.
 * @throws UnknownTaskError where there is no such task.
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
