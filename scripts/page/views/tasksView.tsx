import { type ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type TaskAnswer, type TasksAnswer } from "../api";
import { useApi } from "../state/reading";
import { Badge, type Fact, FactList, Heading, Select, Shown } from "../ui/blocks";
import { secondsTaken, TaskContent, TaskState, TaskTable } from "./taskTable";
import { Account, Amount, Moment, TransactionLink } from "../ui/values";

/** The tasks as they come, or one of them. @param rest The task's number in `#/tasks/12`. */
export function TasksView({ rest }: { readonly rest: readonly string[] }) {
  const task = rest[0];
  return task !== undefined && /^[1-9]\d{0,14}$/.test(task) ? <OneTask taskId={Number(task)} /> : <LiveTasks />;
}

const statuses = [
  ["", "all"],
  ["open", "open"],
  ["completed", "completed"],
  ["refunded", "refunded"],
] as const;

/** The newest tasks, or a page of earlier ones. */
function LiveTasks() {
  const [status, setStatus] = useState<string>("");
  const [from, setFrom] = useState<number | null>(null);
  const query = `${from === null ? "" : `&from=${from}`}${status === "" ? "" : `&status=${status}`}`;
  const reading = useApi<TasksAnswer>(`/v1/tasks?limit=20${query}`);
  return (
    <>
      <Heading title="Tasks" />
      <Select
        label="Show"
        value={status}
        options={statuses}
        onSelect={(chosen) => {
          setStatus(chosen);
          setFrom(null);
        }}
      />
      <Shown reading={reading} what="the tasks">
        {({ tasks, count, next }) => (
          <>
            {tasks.length === 0 ? (
              <p class="card muted">
                {count === 0 ? "No task was submitted yet." : "None of these tasks has this status."}
              </p>
            ) : (
              <TaskTable caption="Table of tasks" tasks={tasks} />
            )}
            <p class="muted">
              {count === 1 ? "1 task was" : `${count} tasks were`} submitted in total; the newest are shown first.
            </p>
            <div class="row">
              {from === null ? null : (
                <Turn
                  words="Newest tasks"
                  onTurn={() => {
                    setFrom(null);
                  }}
                />
              )}
              {next === null ? null : (
                <Turn
                  words="Earlier tasks"
                  onTurn={() => {
                    setFrom(next);
                  }}
                />
              )}
            </div>
          </>
        )}
      </Shown>
    </>
  );
}

function Turn({ words, onTurn }: { readonly words: string; readonly onTurn: () => void }) {
  return (
    <button type="button" onClick={onTurn}>
      {words}
    </button>
  );
}

/** One task, with all of its input and answer. */
function OneTask({ taskId }: { readonly taskId: number }) {
  const reading = useApi<TaskAnswer>(`/v1/tasks/${taskId}`);
  return (
    <>
      <nav aria-label="Tasks" class="steps">
        <a href="#/tasks">All tasks</a>
      </nav>
      <Heading title={`Task ${taskId}`} />
      <Shown reading={reading} what={`task ${taskId}`}>
        {(task) => <FactList facts={factsOf(task)} look="card settlement" />}
      </Shown>
    </>
  );
}

function factsOf(task: TaskAnswer): readonly Fact[] {
  const { taskId, input, inputHash, result, resultHash, submitted, ended } = task;
  const completed: readonly Fact[] =
    resultHash === null
      ? []
      : [
          ["Answer", <TaskContent bytes={result} what={`answer of task ${taskId}`} />],
          ["Hash of the answer", <code>{resultHash}</code>],
          ["Time taken", secondsTaken(task)],
          ["Counts for", <a href={`#/network/${task.epoch}`}>epoch {task.epoch}</a>],
        ];
  const over: readonly Fact[] =
    ended === null
      ? []
      : [
          [task.status === "completed" ? "Completed" : "Refunded", <Moment at={ended.timestamp} />],
          [task.status === "completed" ? "Completed in" : "Refunded in", <TransactionLink hash={ended.hash} />],
        ];
  return [
    ["State", <TaskState task={task} />],
    ["Input", <TaskContent bytes={input} what={`input of task ${taskId}`} />],
    ["Hash of the input", <code>{inputHash}</code>],
    ...completed,
    ["Fee", <Amount wei={task.feeWei} />],
    ["Miner", <Account address={task.miner} />],
    ["Client", <Account address={task.client} />],
    ["Type", `${task.typeId}, of ${task.difficultyBps / 100} % difficulty`],
    ["Answer judged by", judge(task)],
    ["Deadline", <Moment at={task.deadline} />],
    ["Submitted", <Moment at={submitted.timestamp} />],
    ["Transaction", <TransactionLink hash={submitted.hash} />],
    ...over,
  ];
}

/** Validators' scores, or a proof, which the chain has checked if the task is completed. */
function judge({ modelHash, status }: TaskAnswer): ComponentChildren {
  if (modelHash === null) return "validators' scores";
  return (
    <>
      {status === "completed" ? <Badge tone="good">proven</Badge> : "a proof"} of model <code>{modelHash}</code>
    </>
  );
}
