import { type TaskAnswer } from "../api";
import { useChainNow } from "../state/reading";
import { durationText } from "../../show/moments";
import { Badge } from "../ui/blocks";
import { type Column, DataTable } from "../ui/dataTable";
import { Account } from "../ui/values";
import { contentOf, shortened } from "../models/untrusted";

/** Maximum characters of an input or result in a table. */
const mostCharacters = 40;

/** Tasks with input and answer. */
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

/** Marks an answer whose proof the chain has checked. */
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
  { title: "Time taken", kind: "number", cell: secondsTaken },
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

const side = 7;

/**
 * A task's input or result.
 * @param bytes Null if they travel off chain.
 * @param what Its name, for people who can't see the picture: "input of task 3".
 * @param most Longer texts are cut off after this many characters.
 */
export function TaskContent({
  bytes,
  what,
  most = Infinity,
}: {
  readonly bytes: string | null;
  readonly what: string;
  readonly most?: number;
}) {
  const content = contentOf(bytes);
  switch (content.kind) {
    case "offChain":
      return <span class="muted">off chain</span>;
    case "empty":
      return <span class="muted">empty</span>;
    case "image":
      return <Picture greys={content.greys} name={`Picture of ${side} by ${side} grey squares, the ${what}`} />;
    case "digit":
      return <span class="digit">{content.text}</span>;
    case "text":
      return <span class="given">{shortened(content.text, most)}</span>;
    case "hex":
      return <code class="given">{shortened(content.text, most)}</code>;
  }
}

function Picture({ greys, name }: { readonly greys: readonly number[]; readonly name: string }) {
  return (
    <svg class="picture" role="img" aria-label={name} viewBox={`0 0 ${side} ${side}`} shape-rendering="crispEdges">
      {greys.map((ink, i) => {
        const light = 255 - ink;
        return (
          <rect
            key={i}
            x={i % side}
            y={Math.floor(i / side)}
            width="1"
            height="1"
            fill={`rgb(${light} ${light} ${light})`}
          />
        );
      })}
    </svg>
  );
}
