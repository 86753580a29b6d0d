/** What became of tasks: their results, from the chain or from anyone who serves them. */
import { hexToBytes, type Hex } from "viem";
import { UnknownTaskError } from "../../actions/tasks";
import { type Connection } from "../../chain/connection";
import { type BlobFinder } from "../blobs/finder";
import { endpointsOf, validatorEndpoints } from "../../chain/endpoints/published";

/** A completed task's result. */
export interface TaskResult {
  readonly hash: Hex;
  /** Null where nobody serves it. */
  readonly bytes: Uint8Array | null;
}

/** The task is not completed. */
export class NotCompletedError extends Error {
  override readonly name = "NotCompletedError";
}

/**
 * The result of a task.
 * @throws UnknownTaskError, NotCompletedError
 */
export async function findResult(
  connection: Connection,
  finder: BlobFinder,
  taskId: number,
  stopping: AbortSignal,
): Promise<TaskResult> {
  const { taskRegistry, staking } = connection.contracts;
  const task = await taskRegistry.read.taskOf([BigInt(taskId)]);
  const status = ["none", "open", "completed", "refunded"][task.status]!;
  if (status === "none") throw new UnknownTaskError(`There is no task ${taskId}: see "npx mdt task list".`);
  if (status !== "completed") throw new NotCompletedError(`Task ${taskId} has no result: it is ${status}.`);
  const { resultHash: hash, result } = await completionOf(connection, taskId);
  if (result !== "0x") return { hash, bytes: hexToBytes(result) };
  const { account } = await taskRegistry.read.minerOf([task.minerId]);
  const [validators] = await staking.read.activeStakes([await taskRegistry.read.workEpoch()]);
  const where = [...(await endpointsOf(connection, [account])), ...(await validatorEndpoints(connection, validators))];
  return { hash, bytes: (await finder.find(hash, where, stopping)) ?? null };
}

async function completionOf({ events }: Connection, taskId: number) {
  const [completed] = await events.select(["TaskCompleted"], { tasks: [taskId] });
  return completed!.args;
}
