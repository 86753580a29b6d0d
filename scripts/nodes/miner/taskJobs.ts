/** The work on tasks beside the looks at the chain: input, worker, result, in one job per task. */
import { hexToBytes } from "viem";
import { reasonOf } from "../../keeper/run/serviceEvents";
import { type Node } from "../run/node";
import { withEitherSignal } from "../../chain/askEndpoint";
import { type Worker } from "../protocol/questions";
import { type LiveTask } from "../run/nodeView";
import { type MinerEvent } from "../run/nodeEvents";
import { type AcceptedTask, type ReadyingOptions, type ReadyResult, readyResult } from "./readyResult";

/** What jobs work with. */
export interface JobOptions extends ReadyingOptions, Pick<Node<MinerEvent>, "finder" | "tell" | "clock" | "stopping"> {
  readonly worker: Worker;
  /** Most tasks that the worker has at a time. */
  readonly concurrency: number;
  /** Maximum size of a result: what the chain carries, or a blob's maximum if this node serves its blobs. */
  readonly mostResultBytes: number;
  /** Where a client may serve its input: its endpoints. */
  readonly endpointsOf: (task: LiveTask) => Promise<readonly string[]>;
}

/** How far a task is. */
type Progress =
  /** Its input is looked for, or the worker has it. */
  | { readonly kind: "running" }
  | Waiting
  | { readonly kind: "ready"; readonly result: ReadyResult }
  /** It is not tried again, because the worker failed too often. */
  | { readonly kind: "given up" }
  /** It is not tried again, because this miner won't do it. */
  | { readonly kind: "declined" };

interface Waiting {
  readonly kind: "waiting";
  /** It continues at this moment of the clock. */
  readonly until: number;
  /** How often the worker failed. */
  readonly attempts: number;
  /** Whether the input was here, so that the worker can be asked. */
  readonly hasInput: boolean;
}

/** How often a worker is asked about a task that it fails at. */
const mostAttempts = 3;

/** A worker has at most a day for a task: a timer can't take more than 24 days. */
const longestSeconds = 86_400;

/** Seconds between two attempts. */
const retrySeconds = 3;

/**
 * Most inputs that are looked for on other machines at a time. An endpoint that hangs costs its client nothing, because
 * the fee of a missed task comes back. So it must not keep the worker from other tasks, or inputs that were put here
 * from being found.
 */
const mostSearches = 16;

/** Jobs by task. Forgetting one costs only the work of doing it again. */
export class TaskJobs {
  readonly #progress = new Map<string, Progress>();
  #running = 0;
  #working = 0;
  #searching = 0;

  constructor(private readonly options: JobOptions) {}

  get isRunning(): boolean {
    return this.#running > 0;
  }

  /** The result of a task; undefined if there is none yet. */
  resultOf(task: LiveTask): ReadyResult | undefined {
    const progress = this.#progress.get(keyOf(task));
    return progress?.kind === "ready" ? progress.result : undefined;
  }

  /** Whether a task may still get a result here. */
  isHopeful(task: LiveTask): boolean {
    return !this.isDeclined(task) && this.#progress.get(keyOf(task))?.kind !== "given up";
  }

  isDeclined(task: LiveTask): boolean {
    return this.#progress.get(keyOf(task))?.kind === "declined";
  }

  /**
   * Continues with tasks in this order, and gives the worker as many as it may have.
   * @param now The chain's time, unix seconds.
   */
  take(tasks: readonly AcceptedTask[], now: number): void {
    const { clock, concurrency } = this.options;
    for (const task of tasks) {
      const fresh: Waiting = { kind: "waiting", until: clock(), attempts: 0, hasInput: task.input !== "0x" };
      const progress = this.#progress.get(keyOf(task)) ?? fresh;
      if (progress.kind !== "waiting" || progress.until > clock()) continue;
      if (!progress.hasInput) this.#start(task, progress, this.#gather(task, progress));
      else if (this.#working < concurrency)
        this.#start(task, progress, this.#work(task, task.deadline - now, progress));
    }
  }

  /** Declines a task without asking the worker. */
  decline(task: LiveTask, reason: string): void {
    if (this.#progress.has(keyOf(task))) return;
    this.#progress.set(keyOf(task), { kind: "declined" });
    this.options.tell({ kind: "taskDeclined", taskId: task.taskId, reason });
  }

  /** Forgets every task but these. */
  keepOnly(tasks: readonly LiveTask[]): void {
    const kept = new Set(tasks.map(keyOf));
    for (const [key, { kind }] of this.#progress) if (kind !== "running" && !kept.has(key)) this.#progress.delete(key);
  }

  #start(task: LiveTask, { attempts }: Waiting, going: Promise<Progress>): void {
    this.#running++;
    this.#progress.set(keyOf(task), { kind: "running" });
    void going
      .catch((error: unknown) => this.#failed(task, reasonOf(error), attempts + 1))
      .then((progress) => {
        this.#running--;
        this.#progress.set(keyOf(task), progress);
      });
  }

  /** Looks for an input here, and then elsewhere. */
  async #gather(task: LiveTask, waiting: Waiting): Promise<Progress> {
    const { finder, endpointsOf, tell, clock, stopping } = this.options;
    const here: Waiting = { ...waiting, hasInput: true };
    if ((await finder.find(task.inputHash, [], stopping)) !== undefined) return here;
    if (this.#searching < mostSearches) {
      this.#searching++;
      try {
        if ((await finder.find(task.inputHash, await endpointsOf(task), stopping)) !== undefined) return here;
      } finally {
        this.#searching--;
      }
      tell({ kind: "inputMissing", taskId: task.taskId });
    }
    return { ...waiting, until: clock() + retrySeconds };
  }

  async #work(task: AcceptedTask, secondsLeft: number, waiting: Waiting): Promise<Progress> {
    this.#working++;
    try {
      const { inputHash, input } = task;
      const { finder, stopping } = this.options;
      const bytes = input === "0x" ? await finder.find(inputHash, [], stopping) : hexToBytes(input);
      return bytes === undefined ? { ...waiting, hasInput: false } : await this.#ask(task, bytes, secondsLeft, waiting);
    } finally {
      this.#working--;
    }
  }

  async #ask(task: AcceptedTask, input: Uint8Array, secondsLeft: number, { attempts }: Waiting): Promise<Progress> {
    const { worker, tell, clock, stopping } = this.options;
    const { taskId, typeId, deadline } = task;
    tell({ kind: "taskTaken", taskId, typeId, secondsLeft });
    const began = clock();
    // Clients get the fee of a late task back, so a hard question must not hold the worker past its deadline.
    const late = AbortSignal.timeout(Math.min(secondsLeft, longestSeconds) * 1_000);
    const signals = [stopping, late] as const;
    const answer = await withEitherSignal(signals, (ending) =>
      worker.answer({ taskId, typeId, input, deadline }, ending),
    );
    switch (answer.kind) {
      case "declined":
        tell({ kind: "taskDeclined", taskId, reason: answer.reason });
        return { kind: "declined" };
      case "failed":
        return this.#failed(task, late.aborted ? "did not answer before the deadline" : answer.reason, attempts + 1);
      case "result": {
        if (answer.result.length > this.options.mostResultBytes) {
          const reason = `its result of ${answer.result.length} bytes does not fit into a transaction: start the miner with --listen and --endpoint`;
          return this.#failed(task, reason, mostAttempts);
        }
        const result = await withEitherSignal(signals, (ending) =>
          readyResult(this.options, task, { input, result: answer.result }, ending),
        );
        tell({ kind: "resultReady", taskId, bytes: answer.result.length, seconds: clock() - began });
        return { kind: "ready", result };
      }
    }
  }

  #failed({ taskId, input }: LiveTask, reason: string, attempts: number): Progress {
    this.options.tell({ kind: "workFailed", taskId, reason, attempts });
    if (attempts >= mostAttempts) return { kind: "given up" };
    return { kind: "waiting", until: this.options.clock() + retrySeconds, attempts, hasInput: input !== "0x" };
  }
}

/** After a reorganisation another task may have the same id. */
function keyOf({ taskId, typeId, inputHash }: LiveTask): string {
  return `${taskId}/${typeId}/${inputHash}`;
}
