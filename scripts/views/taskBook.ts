import { blockOf, type EventBlock } from "../chain/blocks";
import { type Deployment } from "../chain/deployment";
import { type Fold } from "../chain/events/eventLog";
import { type ChainEvent } from "../chain/events/eventTypes";
import { type RankedTask } from "../core/minerRanking";
import { lowerCase } from "../core/strictJson";

/**
 * How many epochs with final scores a ranking looks back: as many as those in which three misses jail a validator. Long
 * enough that a miner with a task an epoch has several scores, short enough that one that became worse is not lived on
 * for long.
 */
export const rankedEpochs = 8;

/** A task, and where its events are. */
export interface BookedTask extends Omit<RankedTask, "latencySeconds"> {
  readonly submitted: EventBlock;
  /** Null where it was not completed. */
  readonly completed: EventBlock | null;
}

/** The tasks that may count for a ranking: whatever is older leaves it, so that it does not grow with age. */
interface Tasks {
  /** How many were submitted in all. */
  submitted: number;
  open: Map<bigint, BookedTask>;
  /** Completed and refunded ones, in the order in which they ended. */
  ended: BookedTask[];
}

export type TaskBook = Fold<Tasks>;

/** The first epoch of a ranking. @param lastScored The last one whose scores are final. */
export function firstRankedEpoch(lastScored: number): number {
  return lastScored - rankedEpochs + 1;
}

/** Whether a task counts from an epoch on: completed for it or later, or due after it began. */
export function isRanked({ choices, config }: Deployment, firstEpoch: number): (task: BookedTask) => boolean {
  const { slotSeconds, slotsPerEpoch } = config.clock;
  const start = choices.genesisTimestamp + firstEpoch * slotsPerEpoch * slotSeconds;
  return ({ completedIn, deadline }) => (completedIn === null ? deadline >= start : completedIn >= firstEpoch);
}

/**
 * Books the tasks of a deployment. Time continues with the settlements: an epoch is settled when its scores are final.
 */
export function bookOf(deployment: Deployment): TaskBook {
  return {
    names: ["TaskSubmitted", "TaskCompleted", "TaskRefunded", "EpochSettled"],
    start: () => ({ submitted: 0, open: new Map(), ended: [] }),
    copy: ({ submitted, open, ended }) => ({ submitted, open: new Map(open), ended: [...ended] }),
    apply: (tasks, event) => {
      switch (event.name) {
        case "TaskSubmitted":
          submit(tasks, event);
          break;
        case "TaskCompleted":
          end(tasks, event, { completedIn: Number(event.args.epoch), completed: blockOf(event) });
          break;
        case "TaskRefunded":
          end(tasks, event, {});
          break;
        case "EpochSettled":
          forget(tasks, isRanked(deployment, firstRankedEpoch(Number(event.args.epoch))));
      }
    },
  };
}

function submit(tasks: Tasks, event: ChainEvent<"TaskSubmitted">): void {
  const { taskId, client, minerId, typeId, feeWei, deadline } = event.args;
  const terms = { minerId, typeId, client: lowerCase(client), feeWei, deadline: Number(deadline) };
  const unfinished = { completedIn: null, submitted: blockOf(event), completed: null };
  tasks.submitted++;
  tasks.open.set(taskId, { taskId: Number(taskId), ...terms, ...unfinished });
}

/** One that was forgotten ended too late to count. */
function end(
  { open, ended }: Tasks,
  { args }: ChainEvent<"TaskCompleted" | "TaskRefunded">,
  outcome: Partial<BookedTask>,
): void {
  const task = open.get(args.taskId);
  if (task !== undefined) ended.push({ ...task, ...outcome });
  open.delete(args.taskId);
}

function forget(tasks: Tasks, counts: (task: BookedTask) => boolean): void {
  tasks.ended = tasks.ended.filter(counts);
  for (const [taskId, task] of tasks.open) if (!counts(task)) tasks.open.delete(taskId);
}
