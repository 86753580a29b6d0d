import { type Address } from "viem";
import { maxInlineBytes, resultOf, planCompleteTask, planRefundTask } from "../../actions/tasks";
import { nextTimestamp } from "../../chain/blocks";
import { briefDecimal } from "../../show/amounts";
import { momentOf } from "../../show/moments";
import { type TaskAnswer, type TasksAnswer } from "../api/answers";
import { getJson } from "../api/getJson";
import { contentOf, shortened } from "../models/taskContent";
import { type Action, type PageSite, planOf } from "./action";
import { type Choice, FormReader } from "./fields";

/** Open tasks of a miner or a client, the newest ones, before their deadline or after it. */
async function openTasks({ reader }: PageSite, whose: string, isLate: boolean): Promise<readonly TaskAnswer[]> {
  const [{ tasks }, now] = await Promise.all([
    getJson<TasksAnswer>(`/v1/tasks?${whose}&status=open&limit=100`),
    nextTimestamp(reader),
  ]);
  return tasks.filter(({ deadline }) => BigInt(deadline) <= now === isLate);
}

function taskChoices(tasks: readonly TaskAnswer[]): readonly Choice[] {
  return tasks.map(({ taskId, feeWei, deadline }) => ({
    value: String(taskId),
    label: `Task ${taskId} · ${briefDecimal(BigInt(feeWei))} MDT · until ${momentOf(deadline).text}`,
  }));
}

/** What is asked for, in one line. */
function askedFor({ input }: TaskAnswer): string {
  const content = contentOf(input);
  switch (content.kind) {
    case "offChain":
      return "The input is off chain: your node has it.";
    case "empty":
      return "The input is empty.";
    case "image":
      return "The input is a picture: see it under Tasks.";
    case "digit":
    case "text":
    case "hex":
      return `The input is: ${shortened(content.text, 200)}`;
  }
}

/** Answers a task as its miner. */
export const completeTaskAction: Action = {
  id: "complete",
  title: "Complete a task",
  purpose: "Answer a task by hand, as the miner that a client chose. A running node does this automatically.",
  next: {
    sentence: "See the task under Tasks, and its score under Mine once its epoch is settled.",
    hash: "#/tasks",
  },
  open: async (site) => {
    const minerId = await site.contracts.taskRegistry.read.minerIdOf([site.account]);
    if (minerId === 0) return { nothing: ["You are not a miner: become one first."] };
    // No browser makes proofs.
    const tasks = (await openTasks(site, `miner=${minerId}`, false)).filter(({ modelHash }) => modelHash === null);
    if (tasks.length === 0) {
      return { nothing: ["No open task for you, except tasks that require proofs, which your node makes."] };
    }
    const choices = taskChoices(tasks);
    return {
      standing: [],
      fields: ({ task }) => {
        const asked = tasks.find(({ taskId }) => String(taskId) === task);
        const hint = `${asked === undefined ? "" : `${askedFor(asked)} `}Your result is stored on chain unencrypted.`;
        return [
          { kind: "choice", name: "task", label: "Task", hint: "", choices },
          { kind: "text", name: "result", label: "Your result", hint },
        ];
      },
      plan: (values) => {
        const form = new FormReader(values);
        const taskId = Number(form.choice("task", choices));
        const result = form.text("result", maxInlineBytes);
        return planOf(form, () => planCompleteTask(site, taskId, resultOf(result)));
      },
    };
  },
};

/** Reclaims the fee of a task that was not done in time. */
export const refundTaskAction: Action = {
  id: "refund",
  title: "Reclaim a fee",
  purpose: "Get back the fee of a task whose miner missed the deadline.",
  next: { sentence: "Submit the task to another miner: Network ranks them.", hash: "#/network" },
  open: async (site) => {
    const tasks = await openTasks(site, `client=${site.account}`, true);
    if (tasks.length === 0) return { nothing: ["None of your newest tasks is open and past its deadline."] };
    const choices = taskChoices(tasks);
    return {
      standing: [],
      fields: () => [{ kind: "choice", name: "task", label: "Task", hint: "", choices }],
      plan: (values) => {
        const form = new FormReader(values);
        const taskId = Number(form.choice("task", choices));
        if (form.hasProblems) return { kind: "problems", problems: form.problems };
        const { client, feeWei } = tasks.find((task) => task.taskId === taskId)!;
        return planRefundTask(site, { taskId, client: client as Address, feeWei: BigInt(feeWei), isRefunded: false });
      },
    };
  },
};
