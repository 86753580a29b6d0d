import { keccak256, type Log, parseEventLogs, toBytes } from "viem";
import { nextTimestamp } from "../../../chain/blocks";
import { listMiners, type Miner } from "../../../chain/miners";
import { formatExactMdt } from "../../../show/amounts";
import { type Action, callOf, type OpenAction, type Plan, type Site } from "../action";
import { timeWords } from "../epochWords";
import { type Choice, type Field, FormReader } from "../fields";
import { inNextBlock, shortAddress } from "../stakeFacts";
import { aboveBalance, balanceAfter } from "../stakeWords";

/** Pays a miner's task. */
export const submitTaskAction: Action = {
  id: "task",
  title: "Submit a task",
  purpose: "Pay a miner to work for you. Without a result in time you get the fee back.",
  open: async (site) => submitTaskForm(site, await readFacts(site)),
};

/** A kind of task that is on offer. */
export interface TaskTypeOption {
  readonly typeId: number;
  readonly name: string;
  readonly difficultyBps: number;
  readonly minFeeWei: bigint;
}

/** What submitting a task depends on. */
export interface TaskFacts {
  readonly balanceWei: bigint;
  readonly miners: readonly Miner[];
  readonly types: readonly TaskTypeOption[];
  /** Part of the fee of a completed task that is burned. */
  readonly burnBps: number;
  /** The time that the next block would have, unix seconds. */
  readonly now: bigint;
}

async function readFacts(site: Site): Promise<TaskFacts> {
  const { contracts, reader, deployment, account } = site;
  const { token, taskRegistry } = contracts;
  const [balanceWei, miners, types, burnBps, now] = await Promise.all([
    token.read.balanceOf([account], inNextBlock),
    listMiners({ contracts }),
    taskRegistry.read.taskTypes(inNextBlock),
    taskRegistry.read.burnBps(),
    nextTimestamp(reader),
  ]);
  const named = types.map(({ difficultyBps, minFeeWei, isOpen }, typeId) => {
    const name = deployment.taskTypeNames[typeId] ?? `type ${typeId}`;
    return { typeId, name, difficultyBps, minFeeWei, isOpen };
  });
  return { balanceWei, miners, types: named.filter(({ isOpen }) => isOpen), burnBps, now };
}

const minutesField = {
  kind: "number",
  name: "minutes",
  label: "Time for the miner, in minutes",
  hint: "Without a result by then you can have the fee back. At most 30 days.",
  decimals: 0,
  minimum: 1,
  maximum: 43_200,
} as const satisfies Field;

/** The form, and what comes of it. */
export function submitTaskForm(site: Site, facts: TaskFacts): OpenAction {
  const { balanceWei } = facts;
  const minerChoices: readonly Choice[] = facts.miners.map(({ minerId, account }) => ({
    value: String(minerId),
    label: `Miner ${minerId} · ${shortAddress(account)}`,
  }));
  const typeChoices: readonly Choice[] = facts.types.map(({ typeId, name, difficultyBps, minFeeWei }) => ({
    value: String(typeId),
    label: `${name} · difficulty ${difficultyBps / 100} % · from ${formatExactMdt(minFeeWei)} MDT`,
  }));
  return {
    standing: [`Your balance is ${formatExactMdt(balanceWei)} MDT.`],
    fields: () => [
      { kind: "choice", name: "miner", label: "Miner", hint: "", choices: minerChoices },
      { kind: "choice", name: "type", label: "Kind of task", hint: "", choices: typeChoices },
      {
        kind: "amount",
        name: "fee",
        label: "Fee in MDT",
        hint: "At least the minimum of the kind.",
        maxWei: balanceWei,
      },
      minutesField,
      {
        kind: "text",
        name: "input",
        label: "What the miner is to do",
        hint: "Only its hash goes on chain: send the text to the miner yourself.",
      },
    ],
    plan: (values) => {
      if (minerChoices.length === 0) return { kind: "nothing", sentence: "There is no miner yet who could do it." };
      const form = new FormReader(values);
      const minerId = Number(form.choice("miner", minerChoices));
      const type = facts.types.find(({ typeId }) => String(typeId) === form.choice("type", typeChoices));
      const feeWei = form.amount("fee", type?.minFeeWei ?? 1n, balanceWei, aboveBalance(balanceWei));
      const seconds = 60 * form.scaled("minutes", minutesField);
      const input = form.text("input");
      if (type === undefined || form.hasProblems) return { kind: "problems", problems: form.problems };
      return { kind: "plan", plan: taskPlan(site, facts, { minerId, type, feeWei, seconds, input }) };
    },
  };
}

/** A filled form. */
interface TaskRequest {
  readonly minerId: number;
  readonly type: TaskTypeOption;
  readonly feeWei: bigint;
  readonly seconds: number;
  readonly input: string;
}

function taskPlan({ contracts }: Site, facts: TaskFacts, { minerId, type, feeWei, seconds, input }: TaskRequest): Plan {
  const { taskRegistry } = contracts;
  const deadline = facts.now + BigInt(seconds);
  const task = [minerId, type.typeId, feeWei, deadline, keccak256(toBytes(input))] as const;
  const burned = `${facts.burnBps / 100} %`;
  return {
    call: callOf({ ...taskRegistry, functionName: "submitTask", args: task }),
    payment: {
      spender: taskRegistry.address,
      amountWei: feeWei,
      withPermit: (permit) => {
        const { deadline: permitDeadline, v, r, s } = permit;
        const args = [...task, permitDeadline, v, r, s] as const;
        return callOf({ ...taskRegistry, functionName: "submitTaskWithPermit", args });
      },
    },
    statements: [
      `You pay ${formatExactMdt(feeWei)} MDT for a task of kind "${type.name}", which miner ${minerId} is to do by ${timeWords(Number(deadline))}.`,
      `When the result is there, ${burned} of the fee are burned and the rest is recycled into rewards; without one you can have it back.`,
      "On chain goes the hash of your text, not the text: send it to the miner yourself.",
      balanceAfter(facts.balanceWei, feeWei),
    ],
    result: (logs: readonly Log[]) => {
      const [submitted] = parseEventLogs({ abi: taskRegistry.abi, eventName: "TaskSubmitted", logs: [...logs] });
      return `Task ${String(submitted?.args.taskId ?? "")} is submitted: miner ${minerId} has until ${timeWords(Number(deadline))}.`;
    },
  };
}
