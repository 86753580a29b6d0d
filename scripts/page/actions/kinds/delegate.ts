import { type Address } from "viem";
import { formatExactMdt } from "../../../show/amounts";
import { type Action, callOf, type OpenAction, type Site } from "../action";
import { epochStartWords } from "../epochWords";
import { FormReader } from "../fields";
import {
  type Boundaries,
  inNextBlock,
  readBoundaries,
  readValidators,
  validatorChoices,
  type ValidatorOption,
} from "../stakeFacts";
import { aboveBalance, balanceAfter, exitRule } from "../stakeWords";

/** Stakes on somebody else's validator. */
export const delegateAction: Action = {
  id: "delegate",
  title: "Delegate",
  purpose: "Stake on a validator, and share what it earns.",
  open: async (site) => delegateForm(site, await readFacts(site)),
};

/** What delegating depends on. */
export interface DelegateFacts extends Boundaries {
  readonly balanceWei: bigint;
  readonly validators: readonly ValidatorOption[];
}

async function readFacts(site: Site): Promise<DelegateFacts> {
  const [boundaries, balanceWei, validators] = await Promise.all([
    readBoundaries(site),
    site.contracts.token.read.balanceOf([site.account], inNextBlock),
    readValidators(site),
  ]);
  return { ...boundaries, balanceWei, validators };
}

/** The form, and what comes of it. */
export function delegateForm({ contracts, deployment }: Site, facts: DelegateFacts): OpenAction {
  const { staking } = contracts;
  const { balanceWei, countsFrom, validators } = facts;
  const choices = validatorChoices(validators);
  return {
    standing: [`Your balance is ${formatExactMdt(balanceWei)} MDT.`],
    fields: () => [
      { kind: "choice", name: "validator", label: "Validator", hint: "With its stake, and its commission.", choices },
      { kind: "amount", name: "amount", label: "Amount in MDT", hint: "", maxWei: balanceWei },
    ],
    plan: (values) => {
      if (choices.length === 0) return { kind: "nothing", sentence: "There is no validator yet: be the first." };
      const form = new FormReader(values);
      const validator = form.choice("validator", choices) as Address;
      const amountWei = form.amount("amount", 1n, balanceWei, aboveBalance(balanceWei));
      if (form.hasProblems) return { kind: "problems", problems: form.problems };
      const { commissionBps } = validators.find((option) => option.validator === validator)!;
      return {
        kind: "plan",
        plan: {
          call: callOf({ ...staking, functionName: "delegate", args: [validator, amountWei] }),
          payment: {
            spender: staking.address,
            amountWei,
            withPermit: ({ deadline, v, r, s }) =>
              callOf({
                ...staking,
                functionName: "delegateWithPermit",
                args: [validator, amountWei, deadline, v, r, s],
              }),
          },
          statements: [
            `You stake ${formatExactMdt(amountWei)} MDT on validator ${validator}.`,
            `It counts from ${epochStartWords(deployment.clock, countsFrom)}, and earns its part of what the validator earns; the validator keeps ${commissionBps / 100} % of that first.`,
            exitRule,
            balanceAfter(balanceWei, amountWei),
          ],
          result: () =>
            `You staked ${formatExactMdt(amountWei)} MDT on ${validator}. It counts from epoch ${countsFrom}.`,
        },
      };
    },
  };
}
