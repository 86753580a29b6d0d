/**
 * A client that runs unattended: it picks a miner, pays, hands over the input, waits, checks, and reclaims missed fees.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { bytesToHex, keccak256 } from "viem";
import { maxInlineBytes, refundTask } from "../../actions/tasks";
import { nextTimestamp } from "../../chain/blocks";
import { type Connection } from "../../chain/connection";
import { type Signer } from "../../chain/signer";
import { bestMiner } from "../../core/minerRanking";
import { readRanking } from "../../views/minerRanking";
import { type BlobFinder } from "../blobs/finder";
import { type BlobStore } from "../blobs/store";
import { endpointsOf } from "../../chain/participants";
import { withEitherSignal } from "../../chain/askEndpoint";
import { handOver, findResult } from "./inputsAndResults";
import { Submissions } from "./submissions";

/** What a client asks for. */
export interface TaskOrder {
  readonly typeId: number;
  readonly input: Uint8Array;
  /** From now to the deadline. */
  readonly seconds: number;
  /** The fee that it pays; if missing, the type's minimum. */
  readonly feeWei?: bigint | undefined;
  /** The miner that does it; if missing, the best one. */
  readonly minerId?: number | undefined;
}

/** What became of an order. */
export interface TaskOutcome {
  readonly taskId: number;
  readonly minerId: number;
  readonly feeWei: bigint;
  /** `missed`: the fee came back. */
  readonly kind: "completed" | "missed";
  /** Null if the deadline was missed, or nobody serves the result. */
  readonly result: Uint8Array | null;
  /** From the order to the result. */
  readonly seconds: number;
}

/** Something that happens to a pending order. */
export type OrderProgress =
  | { readonly kind: "submitted"; readonly taskId: number; readonly minerId: number; readonly feeWei: bigint }
  | { readonly kind: "handedOver"; readonly taskId: number }
  | { readonly kind: "handingOver"; readonly taskId: number; readonly reason: string };

/** No miner is worth asking. */
export class NoMinerError extends Error {
  override readonly name = "NoMinerError";
}

/** The client was stopped while it waited for a task. */
export class LeftAloneError extends Error {
  override readonly name = "LeftAloneError";
}

/** What a client works with. */
export interface TaskClientOptions {
  readonly connection: Connection;
  readonly signer: Signer;
  readonly blobs: BlobStore;
  readonly finder: BlobFinder;
  readonly stopping: AbortSignal;
}

const pollMilliseconds = 500;

/** Orders of one account. */
export class TaskClient {
  readonly #submissions: Submissions;
  /** Miners of orders that are not on chain yet, so that a second order at the same time goes to another miner. */
  readonly #picked = new Set<{ readonly minerId: number }>();

  constructor(private readonly options: TaskClientOptions) {
    this.#submissions = new Submissions(options.connection, options.signer);
  }

  /**
   * Orders a task, and waits for its outcome.
   * @throws NoMinerError, RefusedError, BalanceError, LeftAloneError
   */
  async run(order: TaskOrder, onProgress: (progress: OrderProgress) => void = () => undefined): Promise<TaskOutcome> {
    const { connection, signer, finder, stopping } = this.options;
    const { typeId, input, seconds } = order;
    const began = performance.now();
    const { taskRegistry } = connection.contracts;
    const feeWei = order.feeWei ?? (await taskRegistry.read.minimumFeeWei([typeId], { blockTag: "pending" }));
    const deadline = Number(await nextTimestamp(connection.reader)) + seconds;
    const isInline = input.length <= maxInlineBytes;
    const bytes = { inputHash: keccak256(input), input: isInline ? bytesToHex(input) : ("0x" as const) };
    const picked = order.minerId === undefined ? await this.#pick(typeId, !isInline) : { minerId: order.minerId };
    const { minerId } = picked;
    const taskId = await this.#submissions
      .submit({ minerId, typeId, feeWei, deadline, ...bytes })
      .finally(() => this.#picked.delete(picked));
    onProgress({ kind: "submitted", taskId, minerId, feeWei });
    const waiting = new AbortController();
    const handing = isInline ? undefined : this.#handOver(taskId, minerId, input, waiting.signal, onProgress);
    const isCompleted = await this.#isCompletedBefore(taskId, deadline).finally(() => {
      waiting.abort();
    });
    await handing;
    const found = isCompleted ? await findResult(connection, finder, taskId, stopping) : undefined;
    if (!isCompleted) await refundTask(connection, signer, taskId);
    const kind = isCompleted ? "completed" : "missed";
    return {
      kind,
      taskId,
      minerId,
      feeWei,
      result: found?.bytes ?? null,
      seconds: (performance.now() - began) / 1_000,
    };
  }

  /** The miner to ask. @param needsEndpoint Whether it must be reachable, for an input that travels off chain. */
  async #pick(typeId: number, needsEndpoint: boolean): Promise<{ readonly minerId: number }> {
    const { connection } = this.options;
    const facts = await readRanking(connection);
    const except: number[] = [];
    for (;;) {
      const own = [...this.#picked].map(({ minerId }, i) => ({
        ...{ ...pendingTask, typeId, minerId, taskId: pendingTask.taskId + i, deadline: facts.timestamp + 1 },
      }));
      const best = bestMiner({ ...facts, tasks: [...facts.tasks, ...own] }, { typeId, except });
      if (best === undefined) throw new NoMinerError(`No miner is available for a task of type ${typeId} now.`);
      const picked = { minerId: best.minerId };
      this.#picked.add(picked);
      const { account } = facts.miners[best.minerId - 1]!;
      if (!needsEndpoint || (await endpointsOf(connection, [account])).length > 0) return picked;
      this.#picked.delete(picked);
      except.push(best.minerId);
    }
  }

  async #handOver(
    taskId: number,
    minerId: number,
    input: Uint8Array,
    waiting: AbortSignal,
    onProgress: (progress: OrderProgress) => void,
  ): Promise<void> {
    const { connection, blobs, stopping } = this.options;
    await blobs.put(input);
    const isKept = await withEitherSignal([waiting, stopping], (ending) =>
      handOver(connection, minerId, input, ending, (reason) => {
        onProgress({ kind: "handingOver", taskId, reason });
      }),
    );
    if (isKept) onProgress({ kind: "handedOver", taskId });
  }

  /** Waits until a task is completed, or can't be any more. */
  async #isCompletedBefore(taskId: number, deadline: number): Promise<boolean> {
    const { connection, stopping } = this.options;
    const { taskRegistry } = connection.contracts;
    for (;;) {
      const [{ status }, { timestamp }] = await Promise.all([
        taskRegistry.read.taskOf([BigInt(taskId)]),
        connection.reader.getBlock(),
      ]);
      if (status === completedStatus) return true;
      if (Number(timestamp) >= deadline) return false;
      await sleep(pollMilliseconds, undefined, { signal: stopping }).catch(() => undefined);
      if (!stopping.aborted) continue;
      throw new LeftAloneError(
        `Task ${taskId} stays open: get its result with "task result", or its fee after a missed deadline with "task refund".`,
      );
    }
  }
}

/** `TaskStatus.Completed` of the TaskRegistry. */
const completedStatus = 2;

/** A pending order as the ranking sees it: newer than every task on chain. */
const pendingTask = { taskId: 2 ** 48, client: "0x" as const, feeWei: 0n, completedIn: null, latencySeconds: null };
