/** The work on tasks that goes on beside the looks at the chain: input, worker, result, one job a task. */
import { bytesToHex, hexToBytes, type Hex, keccak256 } from "viem";
import { reasonOf } from "../../keeper/run/serviceEvents";
import { type BlobFinder } from "../blobs/finder";
import { type BlobStore } from "../blobs/store";
import { type Worker } from "../protocol/worker";
import { type LiveTask } from "../run/liveTasks";
import { type MinerEvent } from "./minerEvents";

/** What jobs work with. */
export interface JobOptions {
  readonly worker: Worker;
  readonly blobs: BlobStore;
  readonly finder: BlobFinder;
  /** So many jobs run at a time at most. */
  readonly concurrency: number;
  /** Results of up to so many bytes travel in the transaction. */
  readonly mostInlineBytes: number;
  /** What the chain carries, or what a blob has, where this node serves its blobs. */
  readonly mostResultBytes: number;
  /** Where a client may serve its input: its endpoints. */
  readonly endpointsOf: (task: LiveTask) => Promise<readonly string[]>;
  readonly tell: (event: MinerEvent) => void;
  /** Seconds on a clock that only goes forward. */
  readonly clock: () => number;
  readonly stopping: AbortSignal;
}

/** A result that is ready to be handed to the chain. */
export interface ReadyResult {
  readonly hash: Hex;
  /** The result itself, or "0x" where it travels off chain. */
  readonly carried: Hex;
}

/** How far a task is. */
type Progress =
  | { readonly kind: "running" }
  /** It failed, and is tried again at this moment of the clock. */
  | { readonly kind: "waiting"; readonly until: number; readonly attempts: number }
  | { readonly kind: "ready"; readonly result: ReadyResult }
  /** It is not tried again. */
  | { readonly kind: "given up" };

/** A worker that fails at a task is asked so many times. */
const mostAttempts = 3;

/** Between two attempts lie so many seconds. */
const retrySeconds = 3;

/** Jobs by task; what is forgotten here costs nothing but the work of doing it again. */
export class TaskJobs {
  readonly #progress = new Map<string, Progress>();
  #running = 0;

  constructor(private readonly options: JobOptions) {}

  get isRunning(): boolean {
    return this.#running > 0;
  }

  /** The result of a task; undefined where there is none yet. */
  resultOf(task: LiveTask): ReadyResult | undefined {
    const progress = this.#progress.get(keyOf(task));
    return progress?.kind === "ready" ? progress.result : undefined;
  }

  /** Whether a task may still get a result here. */
  isHopeful(task: LiveTask): boolean {
    return this.#progress.get(keyOf(task))?.kind !== "given up";
  }

  /** Takes on tasks in this order, as many as fit. @param now The chain's time, unix seconds. */
  take(tasks: readonly LiveTask[], now: number): void {
    for (const task of tasks) {
      if (this.#running >= this.options.concurrency) return;
      const progress = this.#progress.get(keyOf(task));
      const isDue = progress === undefined || (progress.kind === "waiting" && progress.until <= this.options.clock());
      if (isDue) this.#start(task, task.deadline - now, progress?.kind === "waiting" ? progress.attempts : 0);
    }
  }

  /** Declines a task without asking the worker. */
  decline(task: LiveTask, reason: string): void {
    if (this.#progress.has(keyOf(task))) return;
    this.#progress.set(keyOf(task), { kind: "given up" });
    this.options.tell({ kind: "taskDeclined", taskId: task.taskId, reason });
  }

  /** Forgets every task but these. */
  keepOnly(tasks: readonly LiveTask[]): void {
    const kept = new Set(tasks.map(keyOf));
    for (const [key, { kind }] of this.#progress) if (kind !== "running" && !kept.has(key)) this.#progress.delete(key);
  }

  #start(task: LiveTask, secondsLeft: number, attempts: number): void {
    this.#running++;
    this.#progress.set(keyOf(task), { kind: "running" });
    void this.#work(task, secondsLeft, attempts)
      .catch((error: unknown) => this.#failed(task, reasonOf(error), attempts + 1))
      .then((progress) => {
        this.#running--;
        this.#progress.set(keyOf(task), progress);
      });
  }

  async #work(task: LiveTask, secondsLeft: number, attempts: number): Promise<Progress> {
    const { worker, blobs, mostInlineBytes, tell, clock, stopping } = this.options;
    const { taskId, typeId, deadline } = task;
    const input = await this.#inputOf(task);
    if (input === undefined) {
      tell({ kind: "inputMissing", taskId });
      return { kind: "waiting", until: clock() + retrySeconds, attempts };
    }
    tell({ kind: "taskTaken", taskId, typeId, secondsLeft });
    const began = clock();
    const answer = await worker.work({ taskId, typeId, input, deadline }, stopping);
    switch (answer.kind) {
      case "declined":
        tell({ kind: "taskDeclined", taskId, reason: answer.reason });
        return { kind: "given up" };
      case "failed":
        return this.#failed(task, answer.reason, attempts + 1);
      case "result": {
        if (answer.result.length > this.options.mostResultBytes) {
          const reason = `its ${answer.result.length} bytes can't travel: start the miner with --listen and --endpoint`;
          return this.#failed(task, reason, mostAttempts);
        }
        const isInline = answer.result.length <= mostInlineBytes;
        // What the chain does not carry is kept before it hears of it, so that it can always be served.
        const hash = isInline ? keccak256(answer.result) : await blobs.put(answer.result);
        tell({ kind: "resultReady", taskId, bytes: answer.result.length, seconds: clock() - began });
        return { kind: "ready", result: { hash, carried: isInline ? bytesToHex(answer.result) : "0x" } };
      }
    }
  }

  #failed({ taskId }: LiveTask, reason: string, attempts: number): Progress {
    this.options.tell({ kind: "workFailed", taskId, reason, attempts });
    if (attempts >= mostAttempts) return { kind: "given up" };
    return { kind: "waiting", until: this.options.clock() + retrySeconds, attempts };
  }

  async #inputOf(task: LiveTask): Promise<Uint8Array | undefined> {
    if (task.input !== "0x") return hexToBytes(task.input);
    const { finder, endpointsOf, stopping } = this.options;
    return finder.find(task.inputHash, await endpointsOf(task), stopping);
  }
}

/** After a reorganisation another task may have the same id. */
function keyOf({ taskId, typeId, inputHash }: LiveTask): string {
  return `${taskId}/${typeId}/${inputHash}`;
}
