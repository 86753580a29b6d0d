import { type Address, type Hex } from "viem";
import { type Connection } from "../chain/connection";
import { type Fold } from "../chain/events/eventLog";
import { requireWholeEvents } from "../keeper/facts/missingEvents";
import { provenModels } from "./taskTypes";

/** A task as its events have it. */
interface TaskSummary {
  readonly taskId: number;
  readonly client: Address;
  readonly minerId: number;
  readonly typeId: number;
  readonly feeWei: bigint;
  readonly difficultyBps: number;
  /** Unix seconds. */
  readonly deadline: number;
  readonly status: "open" | "completed" | "refunded";
}

/** A task as `task list` shows it: with the model of which its result has to be proven, null where scores judge it. */
export interface ListedTask extends TaskSummary {
  readonly modelHash: Hex | null;
}

const submitted: Fold<TaskSummary[]> = {
  names: ["TaskSubmitted", "TaskCompleted", "TaskRefunded"],
  start: () => [],
  copy: (tasks) => [...tasks],
  apply: (tasks, event) => {
    switch (event.name) {
      case "TaskSubmitted": {
        const { taskId, client, minerId, typeId, feeWei, difficultyBps, deadline } = event.args;
        const terms = { client, minerId, typeId, feeWei, difficultyBps, deadline: Number(deadline) };
        tasks.push({ taskId: Number(taskId), ...terms, status: "open" });
        break;
      }
      case "TaskCompleted":
        end(tasks, event.args.taskId, "completed");
        break;
      case "TaskRefunded":
        end(tasks, event.args.taskId, "refunded");
    }
  },
};

function end(tasks: TaskSummary[], taskId: bigint, status: TaskSummary["status"]): void {
  const task = tasks[Number(taskId) - 1];
  if (task !== undefined) tasks[Number(taskId) - 1] = { ...task, status };
}

/**
 * Every task, by id.
 * @throws MissingEventsError where the TaskRegistry has another number of them.
 */
export async function listTasks({ reader, contracts, events }: Connection): Promise<readonly ListedTask[]> {
  const blockNumber = await reader.getBlockNumber();
  const [tasks, models, count] = await Promise.all([
    events.at(blockNumber).fold(submitted),
    provenModels({ events: events.at(blockNumber) }),
    contracts.taskRegistry.read.taskCount({ blockNumber }),
  ]);
  requireWholeEvents("The number of tasks", BigInt(tasks.length), count);
  return tasks.map((task) => ({ ...task, modelHash: models.get(task.typeId) ?? null }));
}
