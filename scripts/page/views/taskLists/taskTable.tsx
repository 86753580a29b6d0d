import { type TaskAnswer } from "../../api/answers";
import { useChainNow } from "../../state/hooks";
import { durationText } from "../../../show/moments";
import { Badge } from "../../ui/blocks";
import { type Column, DataTable } from "../../ui/dataTable";
import { TaskContent } from "../../ui/taskContent";
import { Account } from "../../ui/values";

/** Longer inputs and results are cut off in a table. */
const mostCharacters = 40;

/** Tasks with picture and answer. */
export function TaskTable({ caption, tasks }: { readonly caption: string; readonly tasks: readonly TaskAnswer[] }) {
  return <DataTable caption={caption} columns={columns} rows={tasks} keyOf={({ taskId }) => taskId} />;
}

/** Where a task stands; an open one whose deadline has passed waits for its refund. */
export function TaskState({ task: { status, deadline } }: { readonly task: TaskAnswer }) {
  const now = useChainNow();
  if (status === "completed") return <Badge tone="good">completed</Badge>;
  if (status === "refunded") return <Badge tone="warn">refunded</Badge>;
  return now !== null && now >= deadline ? <Badge tone="bad">missed</Badge> : <Badge tone="plain">open</Badge>;
}

/** How long its miner took. */
export function secondsTaken({ submitted, ended, status }: TaskAnswer): string {
  return status === "completed" ? durationText(ended!.timestamp - submitted.timestamp) : "–";
}

/** Says of an answer that the chain has checked its proof. */
function Proof({ task: { modelHash, status } }: { readonly task: TaskAnswer }) {
  return modelHash !== null && status === "completed" ? <Badge tone="good">proven</Badge> : null;
}

const columns: readonly Column<TaskAnswer>[] = [
  { title: "Task", cell: ({ taskId }) => <a href={`#/tasks/${taskId}`}>Task {taskId}</a> },
  {
    title: "Input",
    cell: ({ taskId, input }) => <TaskContent bytes={input} what={`input of task ${taskId}`} most={mostCharacters} />,
  },
  {
    title: "Answer",
    cell: ({ taskId, resultHash, result }) =>
      resultHash === null ? (
        "–"
      ) : (
        <TaskContent bytes={result} what={`answer of task ${taskId}`} most={mostCharacters} />
      ),
  },
  {
    title: "State",
    cell: (task) => (
      <>
        <TaskState task={task} /> <Proof task={task} />
      </>
    ),
  },
  { title: "Took", kind: "number", cell: secondsTaken },
  { title: "Fee", kind: "amount", wei: ({ feeWei }) => feeWei },
  {
    title: "Miner",
    cell: ({ miner }) => <Account address={miner} />,
  },
  {
    title: "Client",
    isMinor: true,
    cell: ({ client }) => <Account address={client} />,
  },
];
