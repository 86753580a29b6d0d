/** A miner: it takes its open tasks, asks its worker, keeps and serves the results, and completes the tasks. */
import { dirname } from "node:path";
import { type Hex } from "viem";
import { maxInlineBytes } from "../../actions/tasks";
import { atBlock } from "../../chain/atBlock";
import { type Connection } from "../../chain/connection";
import { addressOf } from "../../chain/signer";
import { provenModels } from "../../views/taskTypes";
import { maxBlobBytes } from "../blobs/store";
import { blobRoutes } from "../blobs/routes";
import { endpointsOf } from "../../chain/participants";
import { openWorker } from "../protocol/questions";
import { referenceStringOf } from "../prover/installation";
import { openWorkProver } from "../prover/workProver";
import { type LiveTask, liveTasks, type NodeView } from "../run/nodeView";
import { type Decided, type Node, type NodeOptions, type Role, startNode } from "../run/node";
import { type Duty } from "../run/rehearsals";
import { type MinerEvent } from "../run/nodeEvents";
import { openResultProver, type ResultProver, type AcceptedTask, type ReadyResult } from "./readyResult";
import { TaskJobs } from "./taskJobs";

/** How a miner works. */
export interface MinerWork {
  /** The worker's source, as `openWorker` takes it. */
  readonly worker: string;
  /** Most tasks that are worked on at a time. */
  readonly concurrency: number;
  /** Time limit of the worker's answer, and of each of the two processes of a proof. */
  readonly taskSeconds: number;
  /** The types of tasks that it takes; null for all. */
  readonly types: readonly number[] | null;
  /** The folder of the common reference string that it proves with, as `referenceStringOf` takes it. */
  readonly crs?: string | undefined;
  /** As in NodeOptions; if missing, results travel on chain. */
  readonly publicUrl?: string | undefined;
}

/** How to run a miner. */
export interface MinerOptions extends NodeOptions<MinerEvent>, MinerWork {}

/** The account that signs is not a miner. */
export class NotAMinerError extends Error {
  override readonly name = "NotAMinerError";
}

/**
 * Results of up to this many bytes are written on chain even if this node serves its blobs: that is cheap, and nobody
 * has to ask for them.
 */
const cheapInlineBytes = 256;

/**
 * An input that is put here may belong to a task not seen yet, so the chain is asked again, at most once in this many
 * seconds.
 */
const askAgainSeconds = 1;

/**
 * Runs a miner until it is stopped.
 * @throws as startNode; NotAMinerError
 */
export function startMiner(options: MinerOptions): Promise<void> {
  return startNode<MinerEvent>(options, (node) => openMiner(node, options));
}

/**
 * Opens a miner's role.
 * @throws NotAMinerError
 */
export async function openMiner(node: Node<MinerEvent>, options: MinerWork): Promise<Role> {
  const { connection, signer, blobs, clock } = node;
  const account = addressOf(signer);
  const minerId = await connection.contracts.taskRegistry.read.minerIdOf([account]);
  if (minerId === 0) throw new NotAMinerError(`${account} is not a miner: register it with "npx mdt miner register".`);
  const { activeFromEpoch } = await connection.contracts.taskRegistry.read.minerOf([minerId]);
  const { concurrency, taskSeconds } = options;
  const worker = openWorker(options.worker, {
    concurrency,
    timeoutMilliseconds: taskSeconds * 1_000,
    onLog: (line) => process.stderr.write(`${line}\n`),
  });
  const { directory } = node;
  const crs = referenceStringOf(options.crs, connection.deployment.choices.network, dirname(directory));
  const workProver = openWorkProver(crs, taskSeconds * 1_000);
  const prover = openResultProver(workProver, { connection, minerId, account, directory });
  const jobs = new TaskJobs({
    ...node,
    worker,
    prover,
    concurrency,
    mostInlineBytes: options.publicUrl === undefined ? maxInlineBytes : cheapInlineBytes,
    mostResultBytes: options.publicUrl === undefined ? maxInlineBytes : maxBlobBytes,
    endpointsOf: ({ client }) => endpointsOf(connection, [client]),
  });
  const miner: Miner = {
    ...{ node, options, minerId, activeFromEpoch: Number(activeFromEpoch), jobs, prover },
    ...{ lookedAt: Infinity, complainedOf: new Set<number>() },
  };
  let askedAt = -Infinity;
  let known: readonly LiveTask[] = [];
  const names = (hash: string): boolean => known.some(({ inputHash }) => inputHash === hash);
  const accepts = async (hash: string): Promise<boolean> => {
    if (names(hash) || clock() - askedAt < askAgainSeconds) return names(hash);
    askedAt = clock();
    known = openTasksOf(miner, await liveTasks(atBlock(connection, await connection.reader.getBlockNumber())));
    return names(hash);
  };
  return {
    name: "miner",
    id: String(minerId),
    routes: blobRoutes(blobs, accepts, node.onServingFailure),
    look: async (view) => {
      known = openTasksOf(miner, await liveTasks(view.chain));
      await prover.keepOnly(new Set(known.map(({ taskId }) => taskId)));
      return decide(miner, view, known, await provenModels(view.chain));
    },
    close: async () => {
      await Promise.all([worker.close(), workProver.close()]);
    },
  };
}

/** A miner at work. */
interface Miner {
  readonly node: Node<MinerEvent>;
  readonly options: MinerWork;
  readonly minerId: number;
  readonly activeFromEpoch: number;
  readonly jobs: TaskJobs;
  readonly prover: ResultProver;
  /** The types for which it was reported that their proofs can't be made here. */
  readonly complainedOf: Set<number>;
  /** The chain's time at the last look: deadlines that passed before the first one are old news. */
  lookedAt: number;
}

function openTasksOf({ minerId }: Miner, tasks: ReadonlyMap<number, LiveTask>): readonly LiveTask[] {
  const mine = [...tasks.values()].filter((task) => task.minerId === minerId && task.completed === null);
  return mine.sort((a, b) => a.deadline - b.deadline || a.taskId - b.taskId);
}

function decide(
  miner: Miner,
  { now, epoch, chain }: NodeView,
  tasks: readonly LiveTask[],
  proven: ReadonlyMap<number, Hex>,
): Decided {
  const { jobs, activeFromEpoch, lookedAt, node } = miner;
  for (const task of tasks) {
    const { taskId, deadline } = task;
    if (deadline > lookedAt && deadline <= now && !jobs.isDeclined(task)) node.tell({ kind: "deadlineMissed", taskId });
  }
  miner.lookedAt = now;
  const inTime = tasks.filter(({ deadline }) => deadline > now);
  jobs.keepOnly(inTime);
  const accepted = inTime.map((task) => ({ ...task, modelHash: proven.get(task.typeId) }));
  for (const task of accepted) declineWhere(miner, task);
  jobs.take(accepted, now);
  const mayComplete = epoch !== null && epoch >= activeFromEpoch;
  const duties = inTime.flatMap((task) => {
    const result = jobs.resultOf(task);
    return result === undefined || !mayComplete ? [] : [completion(chain, task, result)];
  });
  const isWaiting = inTime.some((task) => jobs.isHopeful(task) && jobs.resultOf(task) === undefined);
  return { duties, isWorking: jobs.isRunning || isWaiting };
}

/** Declines a task that this miner does not take or can't prove. */
function declineWhere({ jobs, options, prover, complainedOf, node }: Miner, task: AcceptedTask): void {
  const { typeId, modelHash } = task;
  if (options.types?.includes(typeId) === false) {
    jobs.decline(task, `this miner does not accept tasks of type ${typeId}`);
    return;
  }
  const reason = modelHash === undefined ? undefined : prover.complaintAbout(modelHash);
  if (modelHash === undefined || reason === undefined) return;
  jobs.decline(task, `this miner can't make the proofs that type ${typeId} requires`);
  if (complainedOf.has(typeId)) return;
  complainedOf.add(typeId);
  node.tell({ kind: "proofsImpossible", typeId, modelHash, reason });
}

/**
 * Six proofs fit into one transaction: each takes at most 2.5 million of its 2^24 gas, for verifier, input and result.
 */
const weightOfProof = 8;

function completion({ contracts: { taskRegistry } }: Connection, { taskId }: LiveTask, ready: ReadyResult): Duty {
  const id = BigInt(taskId);
  const name = `complete task ${taskId}`;
  if (ready.kind === "answer")
    return { name, call: { ...taskRegistry, functionName: "completeTask", args: [id, ready.hash, ready.carried] } };
  const args = [id, ready.input, ready.result, ready.proof];
  return { name, call: { ...taskRegistry, functionName: "completeTaskWithProof", args }, weight: weightOfProof };
}
