import { type Address, keccak256, parseEventLogs, toBytes } from "viem";
import { nextTimestamp } from "../chain/blocks";
import { allow } from "./allowance";
import { type Connection } from "../chain/connection";
import { pageSize } from "../chain/miners";
import { type Signer } from "../chain/signer";
import { transact } from "../chain/transact";

const statuses = ["none", "open", "completed", "refunded"] as const;

export interface TaskSummary {
  readonly taskId: number;
  readonly client: Address;
  readonly minerId: number;
  readonly typeId: number;
  readonly feeWei: bigint;
  readonly difficultyBps: number;
  /** Unix seconds. */
  readonly deadline: number;
  readonly status: (typeof statuses)[number];
}

/** There is no such task type. */
export class UnknownTaskTypeError extends Error {
  override readonly name = "UnknownTaskTypeError";
}

/** There is no such task. */
export class UnknownTaskError extends Error {
  override readonly name = "UnknownTaskError";
}

/** What a client asks for. */
export interface TaskRequest {
  readonly minerId: number;
  readonly typeId: number;
  /** The type's minimum where it is missing. */
  readonly feeWei?: bigint | undefined;
  /** From now to the deadline. */
  readonly seconds: number;
  /** What the miner is to work on; only its hash goes on chain. */
  readonly input: string;
}

/** Pays for a task and names the miner that is to complete it. */
export async function submitTask(
  connection: Connection,
  signer: Signer,
  { minerId, typeId, feeWei, seconds, input }: TaskRequest,
): Promise<{ readonly taskId: number; readonly feeWei: bigint; readonly deadline: number }> {
  const { taskRegistry } = connection.contracts;
  const types = await taskRegistry.read.taskTypes();
  const type = types[typeId];
  if (type === undefined) {
    throw new UnknownTaskTypeError(`There is no task type ${typeId}: this network has types 0 to ${types.length - 1}.`);
  }
  const paidWei = feeWei ?? type.minFeeWei;
  await allow(connection, signer, taskRegistry.address, paidWei);
  const deadline = (await nextTimestamp(connection.reader)) + BigInt(seconds);
  const receipt = await transact(connection, signer, {
    ...taskRegistry,
    functionName: "submitTask",
    args: [minerId, typeId, paidWei, deadline, keccak256(toBytes(input))],
  });
  const [submitted] = parseEventLogs({ abi: taskRegistry.abi, eventName: "TaskSubmitted", logs: receipt.logs });
  return { taskId: Number(submitted!.args.taskId), feeWei: paidWei, deadline: Number(deadline) };
}

/** Submits a result: the fee is burned and recycled, and the task counts for this epoch. */
export async function completeTask(
  connection: Connection,
  signer: Signer,
  taskId: number,
  result: string,
): Promise<{ readonly epoch: number; readonly burnedWei: bigint; readonly recycledWei: bigint }> {
  const { taskRegistry } = connection.contracts;
  const receipt = await transact(connection, signer, {
    ...taskRegistry,
    functionName: "completeTask",
    args: [BigInt(taskId), keccak256(toBytes(result))],
  });
  const [completed] = parseEventLogs({ abi: taskRegistry.abi, eventName: "TaskCompleted", logs: receipt.logs });
  const { epoch, burnedWei, recycledWei } = completed!.args;
  return { epoch: Number(epoch), burnedWei, recycledWei };
}

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
  const { taskRegistry } = connection.contracts;
  const { client, feeWei, status } = await taskRegistry.read.taskOf([BigInt(taskId)]);
  if (statuses[status] === "none") {
    throw new UnknownTaskError(`There is no task ${taskId}: see "npx hardhat task list".`);
  }
  if (statuses[status] === "refunded") return { client, refundedWei: 0n };
  await transact(connection, signer, { ...taskRegistry, functionName: "refundTask", args: [BigInt(taskId)] });
  return { client, refundedWei: feeWei };
}

/** Every task, by id. */
export async function listTasks({ contracts }: Connection): Promise<readonly TaskSummary[]> {
  const { taskRegistry } = contracts;
  const count = Number(await taskRegistry.read.taskCount());
  const pages = await Promise.all(
    Array.from({ length: Math.ceil(count / pageSize) }, (_, page) =>
      taskRegistry.read.tasks([BigInt(page * pageSize + 1), BigInt(pageSize)]),
    ),
  );
  return pages.flat().map((task, index) => ({
    taskId: index + 1,
    ...task,
    deadline: Number(task.deadline),
    status: statuses[task.status]!,
  }));
}
