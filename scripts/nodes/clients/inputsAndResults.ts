/**
 * The parts of a task that travel off chain: its input, handed to the miner's node, and its result, from anyone who
 * serves it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { hexToBytes, type Hex } from "viem";
import { type Connection } from "../../chain/connection";
import { askingRulesOf } from "../../keeper/quorum/gather";
import { endpointsOf, validatorEndpoints } from "../../chain/participants";
import { type AskingRules, askEndpoint, askingProblem } from "../../chain/askEndpoint";
import { blobPath, hashOfBlob } from "../blobs/store";
import { UnknownTaskError } from "../../actions/tasks";
import { type BlobFinder } from "../blobs/finder";

const retryMilliseconds = 500;

/**
 * Sends an input to the miner's node until the node keeps it: a node that has not seen the task yet refuses it.
 * @param onTrouble Called with the reason if that fails, as the rest of a sentence that begins with "The miner's node".
 * @returns Whether it was kept before `stopping`.
 */
export async function handOver(
  connection: Connection,
  minerId: number,
  input: Uint8Array,
  stopping: AbortSignal,
  onTrouble: (reason: string) => void = () => undefined,
): Promise<boolean> {
  const { account } = await connection.contracts.taskRegistry.read.minerOf([minerId]);
  while (!stopping.aborted) {
    const [endpoint] = await endpointsOf(connection, [account]);
    if (endpoint === undefined) onTrouble("has published no endpoint");
    else {
      const sent = await sendBlob(endpoint, input, { ...askingRulesOf(connection), stopping });
      if (sent.kind === "kept") return true;
      if (sent.kind === "failed") onTrouble(sent.reason);
    }
    await sleep(retryMilliseconds, undefined, { signal: stopping }).catch(() => undefined);
  }
  return false;
}

/** What became of a blob that was sent. */
type BlobSending =
  | { readonly kind: "kept" }
  /** The node knows no open task that names it, perhaps not yet. */
  | { readonly kind: "unwanted" }
  | { readonly kind: "failed"; readonly reason: string };

/** Sends a blob to a node. A failure is returned, not thrown, with a reason that names no URL. */
export async function sendBlob(
  endpoint: string,
  bytes: Uint8Array,
  options: AskingRules & { readonly stopping: AbortSignal },
): Promise<BlobSending> {
  try {
    const request = { path: blobPath(await hashOfBlob(bytes)), body: bytes, mostBytes: 0 };
    const { status } = await askEndpoint(endpoint, request, options, options.stopping);
    if (status === 201) return { kind: "kept" };
    return status === 409 ? { kind: "unwanted" } : { kind: "failed", reason: `answers ${status}` };
  } catch (error) {
    return { kind: "failed", reason: askingProblem(error) };
  }
}

/** A completed task's result. */
export interface TaskResult {
  readonly hash: Hex;
  /** Null if nobody serves it. */
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
  const [completed] = await connection.events.select(["TaskCompleted"], { tasks: [taskId] });
  const { resultHash: hash, result } = completed!.args;
  if (result !== "0x") return { hash, bytes: hexToBytes(result) };
  const { account } = await taskRegistry.read.minerOf([task.minerId]);
  const [validators] = await staking.read.activeStakes([await taskRegistry.read.workEpoch()]);
  const where = [...(await endpointsOf(connection, [account])), ...(await validatorEndpoints(connection, validators))];
  return { hash, bytes: (await finder.find(hash, where, stopping)) ?? null };
}
