/**
 * A validator's own scores of an epoch: gathers each miner's tasks completed without a proof, with inputs and results,
 * and has them judged.
 */
import { hexToBytes, type Hex } from "viem";
import { type Connection } from "../../chain/connection";
import { sum, descending } from "../../core/fixedPoint";
import { minerScoreU16, type Score } from "../../core/scores";
import { reasonOf } from "../../keeper/run/serviceEvents";
import { type Node } from "../run/node";
import { type ScoredTask, type Scorer } from "../protocol/questions";
import { type LiveTask } from "../run/nodeView";
import { type ValidatorEvent } from "../run/nodeEvents";

/** What scoring works with. */
export interface ScoringOptions extends Pick<Node<ValidatorEvent>, "finder" | "tell" | "clock"> {
  /** The deployment as of a block after which no task counts for the epoch any more. */
  readonly chain: Connection;
  readonly scorer: Scorer;
  /** Where a task's input and result may be served: its miner's, its client's, and the validators' endpoints. */
  readonly endpointsOf: (task: LiveTask) => Promise<readonly string[]>;
  /** Ends scoring; the scores known by then count. */
  readonly stopping: AbortSignal;
}

/** Tasks of one miner whose inputs and results are looked for at a time. */
const tasksAtATime = 8;
/**
 * Miners judged at a time. Those with the highest fees come first, so that nobody's junk keeps the others from being
 * judged.
 */
const minersAtATime = 16;
/** A question to the scorer is complete once it has this many tasks of a miner, or this many bytes. */
const tasksPerQuestion = 256;
const bytesPerQuestion = 1 << 21;

/**
 * Scores every miner that completed a task for an epoch. A miner gets no score if the scorer did not judge its tasks,
 * or not in time.
 * @param tasks Tasks that count for the epoch and need no proof, of any miner.
 */
export async function scoreEpoch(
  options: ScoringOptions,
  epoch: number,
  tasks: readonly LiveTask[],
): Promise<readonly Score[]> {
  const { tell, clock, stopping } = options;
  const began = clock();
  const miners = byFees(tasks);
  const queue = miners.values();
  const scores: Score[] = [];
  let missingBlobs = 0;
  const timeOf = blockTimes(options.chain);
  const lane = async (): Promise<void> => {
    for (const { minerId, own } of queue) {
      if (stopping.aborted) return;
      try {
        const { scoreU16, missing } = await scoreMiner(options, epoch, minerId, own, timeOf);
        missingBlobs += missing;
        if (scoreU16 !== null) scores.push({ minerId, scoreU16 });
      } catch (error) {
        tell({ kind: "scorerFailed", epoch, minerId, reason: reasonOf(error) });
      }
    }
  };
  await Promise.race([Promise.all(Array.from({ length: minersAtATime }, lane)), aborted(stopping)]);
  const known = scores.toSorted((a, b) => a.minerId - b.minerId);
  const counts = { scored: known.length, miners: miners.length, missingBlobs };
  tell({ kind: "scored", epoch, ...counts, seconds: clock() - began });
  return known;
}

/** The miners that worked, with their tasks, highest fees first. */
function byFees(
  tasks: readonly LiveTask[],
): readonly { readonly minerId: number; readonly own: readonly LiveTask[] }[] {
  const tasksOf = new Map<number, LiveTask[]>();
  for (const task of tasks) tasksOf.set(task.minerId, [...(tasksOf.get(task.minerId) ?? []), task]);
  const miners = [...tasksOf].map(([minerId, own]) => ({
    minerId,
    own,
    feesWei: sum(own.map(({ feeWei }) => feeWei)),
  }));
  return miners.sort((a, b) => descending(a.feesWei, b.feesWei) || a.minerId - b.minerId);
}

/** One miner's score, null if it has none, and how many of its inputs and results nobody serves. */
async function scoreMiner(
  options: ScoringOptions,
  epoch: number,
  id: number,
  tasks: readonly LiveTask[],
  timeOf: (blockHash: Hex) => Promise<number>,
): Promise<{ readonly scoreU16: number | null; readonly missing: number }> {
  const { stopping, scorer, chain } = options;
  const { account } = await chain.contracts.taskRegistry.read.minerOf([id]);
  const scores: (number | null)[] = [];
  let missing = 0;
  for await (const part of gather(options, tasks, timeOf)) {
    missing += part.flatMap(({ input, result }) => [input, result]).filter((blob) => blob === null).length;
    const answer = await scorer.answer({ epoch, miner: { id, account }, tasks: part }, stopping);
    if (answer.kind === "failed") throw new Error(`The scorer ${answer.reason}`);
    scores.push(...answer.scores);
  }
  return { scoreU16: minerScoreU16(tasks, scores), missing };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener(
      "abort",
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

/** One miner's tasks as the scorer sees them, one question at a time. */
async function* gather(
  { finder, endpointsOf, stopping }: ScoringOptions,
  tasks: readonly LiveTask[],
  timeOf: (blockHash: Hex) => Promise<number>,
): AsyncGenerator<readonly ScoredTask[]> {
  const bytesOf = async (task: LiveTask, hash: Hex, inline: Hex): Promise<Uint8Array | null> => {
    if (inline !== "0x") return hexToBytes(inline);
    return (await finder.find(hash, await endpointsOf(task), stopping)) ?? null;
  };
  const gatherOne = async (task: LiveTask): Promise<ScoredTask> => {
    const { taskId, typeId, feeWei, inputHash, input, submittedIn } = task;
    const { resultHash, result, completedIn } = task.completed!;
    const [inputBytes, resultBytes, submittedAt, completedAt] = await Promise.all([
      bytesOf(task, inputHash, input),
      bytesOf(task, resultHash, result),
      timeOf(submittedIn),
      timeOf(completedIn),
    ]);
    return { taskId, typeId, feeWei, input: inputBytes, result: resultBytes, submittedAt, completedAt };
  };
  let question: ScoredTask[] = [];
  let bytes = 0;
  for (let from = 0; from < tasks.length; from += tasksAtATime) {
    for (const task of await Promise.all(tasks.slice(from, from + tasksAtATime).map(gatherOne))) {
      question.push(task);
      bytes += (task.input?.length ?? 0) + (task.result?.length ?? 0);
      if (question.length < tasksPerQuestion && bytes < bytesPerQuestion) continue;
      yield question;
      [question, bytes] = [[], 0];
    }
  }
  if (question.length > 0) yield question;
}

/** The times of blocks by their hashes; each block is read once. */
function blockTimes({ reader }: Connection): (blockHash: Hex) => Promise<number> {
  const known = new Map<Hex, Promise<number>>();
  return (blockHash) => {
    const time = known.get(blockHash) ?? reader.getBlock({ blockHash }).then(({ timestamp }) => Number(timestamp));
    known.set(blockHash, time);
    return time;
  };
}
