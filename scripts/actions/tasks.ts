import { type Hex, parseEventLogs } from "viem";
import { nextTimestamp } from "../chain/blocks";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { formatExactMdt } from "../show/amounts";
import { momentOf } from "../show/moments";
import { readTaskTypes, type TaskType } from "../views/taskTypes";
import { perform, siteOf } from "./perform";
import { balanceAfter, inNextBlock, type Outcome, payingCall, type Plan, type Site } from "./plan";

/** There is no such task type. */
export class UnknownTaskTypeError extends Error {
  override readonly name = "UnknownTaskTypeError";
}

/** What submitting a task depends on. */
export interface TaskFacts {
  readonly balanceWei: bigint;
  /** Every type, by id. */
  readonly types: readonly TaskType[];
  /** Part of the fee of a completed task that is burned. */
  readonly burnBps: number;
  /** The time that the next block would have, unix seconds. */
  readonly now: bigint;
}

export async function readTaskFacts({ contracts, reader, account, taskTypeNames }: Site): Promise<TaskFacts> {
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
  /** keccak256 of what the miner is to work on. */
  readonly inputHash: Hex;
  /** The same itself, where the transaction carries it; "0x" where it travels off chain. */
  readonly input: Hex;
}

/** A task that waits for its miner. */
export interface SubmittedTask extends Outcome {
  readonly taskId: number;
  /** Unix seconds. */
  readonly deadline: number;
}

/** Pays for a task and names the miner that is to complete it. */
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
      `When the task is completed, ${facts.burnBps / 100} % of the fee is burned and the rest recycled; otherwise you can reclaim it.`,
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
 * @param request Without a fee it is the type's minimum.
 * @throws UnknownTaskTypeError where there is no such type.
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
