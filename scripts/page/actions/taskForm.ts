import { formatUnits } from "viem";
import { planSubmitTask, readTaskFacts, inputOf, maxInlineBytes } from "../../actions/tasks";
import { listMiners } from "../../chain/participants";
import { shortHex } from "../../show/bytes";
import { formatExactMdt } from "../../show/amounts";
import { getFirstMiners } from "../api/lists";
import { type Action, planOf } from "./action";
import { aboveBalance, type Choice, type Field, FormReader } from "./fields";

const minutesField = {
  kind: "number",
  name: "minutes",
  label: "Time for the miner, in minutes",
  hint: "Without a result by then you can reclaim the fee. At most 30 days.",
  decimals: 0,
  minimum: 1,
  maximum: 43_200,
  preset: "60",
} as const satisfies Field;

const inputField = {
  kind: "text",
  name: "input",
  label: "Input for the miner",
  hint: "It is stored on chain unencrypted, where anyone can read it for ever.",
} as const satisfies Field;

/** Pays a miner's task. */
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
    if (miners.length === 0) return { nothing: ["There is no miner yet that could do it."] };
    const names = await namesOfMiners(miners.length);
    const open = facts.types.filter(({ isOpen }) => isOpen);
    const minerChoices: readonly Choice[] = miners.map(({ minerId, account }) => ({
      value: String(minerId),
      label: [`Miner ${minerId}`, ...(names.get(minerId) ?? []), shortHex(account)].join(" · "),
      also: account,
    }));
    const typeChoices: readonly Choice[] = open.map(({ typeId, name, difficultyBps, minimumFeeWei, proof }) => ({
      value: String(typeId),
      label: `${name} · difficulty ${difficultyBps / 100} % · from ${formatExactMdt(minimumFeeWei)} MDT${proof === null ? "" : " · proven"}`,
    }));
    const chosenType = (value: string | undefined) => open.find(({ typeId }) => String(typeId) === value);
    return {
      standing: [`Your balance is ${formatExactMdt(balanceWei)} MDT.`],
      fields: ({ type }) => [
        { kind: "choice", name: "miner", label: "Miner", hint: "", choices: minerChoices },
        { kind: "choice", name: "type", label: "Type of task", hint: "", choices: typeChoices },
        {
          kind: "amount",
          name: "fee",
          label: "Fee in MDT",
          hint: "At least the minimum of the type.",
          preset: formatUnits(chosenType(type)?.minimumFeeWei ?? 0n, 18).replace(/^0$/, ""),
        },
        minutesField,
        inputField,
      ],
      plan: (values) => {
        const form = new FormReader(values);
        const minerId = Number(form.choice("miner", minerChoices));
        const type = chosenType(form.choice("type", typeChoices));
        const feeWei = form.amount("fee", type?.minimumFeeWei ?? 1n, balanceWei, aboveBalance(balanceWei));
        const seconds = 60 * form.scaled("minutes", minutesField);
        const input = form.text("input", maxInlineBytes);
        return planOf(form, () =>
          planSubmitTask(site, facts, { minerId, type: type!, feeWei, seconds, ...inputOf(input) }),
        );
      },
    };
  },
};

/** What miners call themselves, by id; the form does without where the page's server can't say. */
async function namesOfMiners(count: number): Promise<ReadonlyMap<number, readonly string[]>> {
  const { miners } = await getFirstMiners(count, undefined).catch(() => ({ miners: [] }));
  return new Map(
    miners.map(({ minerId, profile }) => [minerId, profile === null ? [] : [profile.name].filter(Boolean)]),
  );
}
