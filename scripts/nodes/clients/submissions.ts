/** Submits one account's tasks: those that wait at the same time travel in one transaction. */
import { encodeFunctionData, parseEventLogs } from "viem";
import { BalanceError, pay, callOf } from "../../actions/plan";
import { type Connection } from "../../chain/connection";
import { type Signer } from "../../chain/signer";
import { RefusedError } from "../../chain/transact";
import { sum } from "../../core/fixedPoint";
import { formatExactMdt } from "../../show/amounts";
import { type LiveTask } from "../run/nodeView";

/** A task as the TaskRegistry takes it. */
export type Submission = Pick<LiveTask, "minerId" | "typeId" | "feeWei" | "deadline" | "inputHash" | "input">;

interface Waiting {
  readonly submission: Submission;
  readonly resolve: (taskId: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Most tasks in one transaction: with 4 KiB each, they still fit. */
const tasksPerTransaction = 40;

/** Submits one account's tasks, one transaction at a time. */
export class Submissions {
  readonly #waiting: Waiting[] = [];
  #isSending = false;

  constructor(
    private readonly connection: Connection,
    private readonly signer: Signer,
  ) {}

  /**
   * Pays for a task.
   * @returns Its id.
   * @throws RefusedError, BalanceError, MissingCoinError
   */
  submit(submission: Submission): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ submission, resolve, reject });
      if (!this.#isSending) void this.#send();
    });
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      const some = this.#waiting.splice(0, tasksPerTransaction);
      try {
        await this.#sendTogether(some);
      } catch (error) {
        if (some.length > 1 && isOfSome(error)) await this.#sendAlone(some);
        else for (const { reject } of some) reject(error);
      }
    }
    this.#isSending = false;
  }

  /** A task that is refused, or can't be paid together with the others, must not keep them from being submitted. */
  async #sendAlone(some: readonly Waiting[]): Promise<void> {
    for (const one of some) await this.#sendTogether([one]).catch(one.reject);
  }

  async #sendTogether(some: readonly Waiting[]): Promise<void> {
    const { connection, signer } = this;
    const { taskRegistry } = connection.contracts;
    const amountWei = sum(some.map(({ submission }) => submission.feeWei));
    const data = some.map(({ submission: { minerId, typeId, feeWei, deadline, inputHash, input } }) =>
      encodeFunctionData({
        abi: taskRegistry.abi,
        functionName: "submitTask",
        args: [minerId, typeId, feeWei, BigInt(deadline), inputHash, input],
      }),
    );
    const call = callOf({ ...taskRegistry, functionName: "multicall", args: [data] });
    const miners = some.map(({ submission }) => submission.minerId).join(", ");
    const { logs } = await pay(connection, signer, { spender: taskRegistry.address, amountWei }, call, [
      `You pay ${formatExactMdt(amountWei)} MDT for tasks of these miners: ${miners}. The fee of a task that misses its deadline comes back.`,
    ]);
    const submitted = parseEventLogs({ abi: taskRegistry.abi, eventName: "TaskSubmitted", logs });
    for (const [i, { resolve }] of some.entries()) resolve(Number(submitted[i]!.args.taskId));
  }
}

/** Whether an error may concern only some of several tasks. */
function isOfSome(error: unknown): boolean {
  return error instanceof RefusedError || error instanceof BalanceError;
}
