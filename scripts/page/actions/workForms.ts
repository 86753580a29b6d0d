import { type Address, formatUnits } from "viem";
import { planRegisterMiner, readMinerFacts } from "../../actions/miners";
import { maxEndpointBytes, planSetEndpoint, readEndpoint } from "../../actions/profile";
import {
  inputOf,
  maxInlineBytes,
  planCompleteTask,
  planRefundTask,
  planSubmitTask,
  readTaskFacts,
  resultOf,
} from "../../actions/tasks";
import { nextTimestamp } from "../../chain/blocks";
import { listMiners } from "../../chain/participants";
import { shortHex } from "../../show/bytes";
import { briefDecimal, formatExactMdt } from "../../show/amounts";
import { momentOf } from "../../show/moments";
import { getFirstMiners, getJson, type TaskAnswer, type TasksAnswer } from "../api";
import { contentOf, questionTo, shortened } from "../models/untrusted";
import {
  aboveBalance,
  type Action,
  amountField,
  type Choice,
  choiceField,
  FieldError,
  form,
  numberField,
  type PageSite,
  readText,
} from "./form";

/** Submits a task to a miner and pays its fee. */
export const submitTaskAction: Action = {
  id: "task",
  title: "Submit a task",
  purpose: "Pay a miner to work for you. If it misses the deadline, you get the fee back.",
  next: {
    sentence: "Watch it under Tasks until the answer arrives. If none arrives by the deadline, reclaim the fee.",
    hash: "#/tasks",
  },
  open: async (site) => {
    const [facts, miners] = await Promise.all([readTaskFacts(site), listMiners(site)]);
    const { balanceWei } = facts;
    if (miners.length === 0) return { nothing: ["There are no miners yet."] };
    const names = await namesOfMiners(miners.length);
    const minerChoices = miners.map(({ minerId, account }) => ({
      value: String(minerId),
      label: [`Miner ${minerId}`, ...(names.get(minerId) ?? []), shortHex(account)].join(" · "),
      also: account,
      meaning: minerId,
    }));
    const typeChoices = facts.types
      .filter(({ isOpen }) => isOpen)
      .map((type) => ({
        value: String(type.typeId),
        label: `${type.name} · difficulty ${type.difficultyBps / 100} % · from ${formatExactMdt(type.minimumFeeWei)} MDT${type.proof === null ? "" : " · proven"}`,
        meaning: type,
      }));
    return form({
      standing: [`Your balance is ${formatExactMdt(balanceWei)} MDT.`],
      fields: (held) => {
        const minimumWei = typeChoices.find(({ value }) => value === held.type)?.meaning.minimumFeeWei;
        return {
          miner: choiceField({ label: "Miner" }, minerChoices),
          type: choiceField({ label: "Type of task" }, typeChoices),
          fee: feeField(minimumWei, balanceWei),
          minutes: numberField(
            {
              label: "Time for the miner, in minutes",
              hint: "Without a result by then you can reclaim the fee. At most 30 days.",
              preset: "60",
            },
            { decimals: 0, minimum: 1, maximum: 43_200 },
          ),
          input: {
            label: "Input for the miner",
            hint: "It is stored on chain unencrypted, where anyone can read it for ever.",
            read: (text: string) => inputOf(readText(text, maxInlineBytes)),
          },
        };
      },
      plan: ({ miner: minerId, type, fee: feeWei, minutes, input }) =>
        planSubmitTask(site, facts, { minerId, type, feeWei, seconds: 60 * minutes, ...input }),
    });
  },
};

/** The fee: preset to the chosen type's minimum, and without "Max", since nobody wants to pay their whole balance. */
function feeField(minimumWei: bigint | undefined, balanceWei: bigint) {
  const field = amountField({
    label: "Fee in MDT",
    hint: "At least the minimum of the type.",
    preset: formatUnits(minimumWei ?? 0n, 18).replace(/^0$/, ""),
    minimumWei: minimumWei ?? 1n,
    maxWei: balanceWei,
    beyond: aboveBalance(balanceWei),
  });
  return { ...field, maxWei: 0n };
}

/** The self-declared names of miners, by id; empty if the page's server can't answer. */
async function namesOfMiners(count: number): Promise<ReadonlyMap<number, readonly string[]>> {
  const { miners } = await getFirstMiners(count, undefined).catch(() => ({ miners: [] }));
  return new Map(
    miners.map(({ minerId, profile }) => [minerId, profile === null ? [] : [profile.name].filter(Boolean)]),
  );
}

/** The newest open tasks of a miner or a client: those past their deadline if `isLate`, otherwise the others. */
async function openTasks({ reader }: PageSite, whose: string, isLate: boolean): Promise<readonly TaskAnswer[]> {
  const [{ tasks }, now] = await Promise.all([
    getJson<TasksAnswer>(`/v1/tasks?${whose}&status=open&limit=100`),
    nextTimestamp(reader),
  ]);
  return tasks.filter(({ deadline }) => BigInt(deadline) <= now === isLate);
}

function taskField(tasks: readonly TaskAnswer[]) {
  const choices = tasks.map((task): Choice<TaskAnswer> => {
    const { taskId, feeWei, deadline } = task;
    const label = `Task ${taskId} · ${briefDecimal(BigInt(feeWei))} MDT · until ${momentOf(deadline).text}`;
    return { value: String(taskId), label, meaning: task };
  });
  return choiceField({ label: "Task" }, choices);
}

/** A task's input, in one line. */
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

/** Reclaims the fee of a task that was not done in time. */
export const refundTaskAction: Action = {
  id: "refund",
  title: "Reclaim a fee",
  purpose: "Get back the fee of a task whose miner missed the deadline.",
  next: { sentence: "Submit the task to another miner: Network ranks them.", hash: "#/network" },
  open: async (site) => {
    const tasks = await openTasks(site, `client=${site.account}`, true);
    if (tasks.length === 0) return { nothing: ["None of your newest tasks is open and past its deadline."] };
    return form({
      fields: () => ({ task: taskField(tasks) }),
      plan: ({ task: { taskId, client, feeWei } }) =>
        planRefundTask(site, { taskId, client: client as Address, feeWei: BigInt(feeWei), isRefunded: false }),
    });
  },
};

/** Takes an id as a miner. */
export const registerMinerAction: Action = {
  id: "register-miner",
  title: "Become a miner",
  purpose: "Do tasks for clients and earn rewards, depending on how validators score your answers.",
  next: {
    sentence: 'Start your node with "npx mdt miner start" and publish its endpoint.',
    hash: "#/do/endpoint",
  },
  open: async (site) => {
    const facts = await readMinerFacts(site);
    const { minerId, balanceWei, priceWei } = facts;
    if (minerId !== 0) return { nothing: [`You are already miner ${minerId}.`] };
    const price = `Registering now costs ${formatExactMdt(priceWei)} MDT.`;
    return form({
      terms: [price],
      standing: [`Your balance is ${formatExactMdt(balanceWei)} MDT.`],
      fields: () => ({}),
      plan: () =>
        balanceWei < priceWei
          ? { kind: "nothing", sentence: `${price} ${aboveBalance(balanceWei)}` }
          : planRegisterMiner(site, facts),
    });
  },
};

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
    // A browser can't make proofs.
    const tasks = (await openTasks(site, `miner=${minerId}`, false)).filter(({ modelHash }) => modelHash === null);
    if (tasks.length === 0) {
      return { nothing: ["You have no open tasks, except those that require proofs, which your node makes."] };
    }
    return form({
      fields: (held) => {
        const asked = tasks.find(({ taskId }) => String(taskId) === held.task);
        const hint = `${asked === undefined ? "" : `${askedFor(asked)} `}Your result is stored on chain unencrypted.`;
        const read = (text: string) => resultOf(readText(text, maxInlineBytes));
        return { task: taskField(tasks), result: { label: "Your result", hint, read } };
      },
      plan: ({ task, result }) => planCompleteTask(site, task.taskId, result),
    });
  },
};

/** Publishes the endpoint of the account's node. */
export const endpointAction: Action = {
  id: "endpoint",
  title: "Publish an endpoint",
  purpose: "Publish your node's URL, as a miner, a validator or its operator.",
  next: { sentence: "Check under Mine whether it answers from this browser.", hash: "#/mine" },
  open: async (site) => {
    const current = await readEndpoint(site);
    const read = (text: string): string => {
      if (text === "" || questionTo(readText(text, maxEndpointBytes)) !== undefined) return text;
      throw new FieldError("Enter a URL that begins with http:// or https://, without a password.");
    };
    const hint = "The URL at which others reach it, such as https://miner.example:8090. Leave it empty to remove it.";
    return form({
      standing: [current === "" ? "You have published no endpoint." : `Your endpoint is currently ${current}.`],
      fields: () => ({ endpoint: { label: "Endpoint", hint, preset: current, read } }),
      plan: ({ endpoint }) => planSetEndpoint(site, current, endpoint),
    });
  },
};
