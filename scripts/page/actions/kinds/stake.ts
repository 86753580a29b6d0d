import { formatExactMdt } from "../../../show/amounts";
import { type Action, callOf, type OpenAction, type Site } from "../action";
import { epochStartWords } from "../epochWords";
import { FormReader } from "../fields";
import { type Boundaries, inNextBlock, readBoundaries } from "../stakeFacts";
import { aboveBalance, balanceAfter, exitRule } from "../stakeWords";

/** Adds to one's own stake as a validator. */
export const stakeAction: Action = {
  id: "stake",
  title: "Stake more",
  purpose: "Add to your own stake as a validator.",
  open: async (site) => stakeForm(site, await readFacts(site)),
};

/** What adding to one's own stake depends on. */
export interface StakeFacts extends Boundaries {
  readonly balanceWei: bigint;
  readonly hasSeat: boolean;
  readonly ownWei: bigint;
}

async function readFacts(site: Site): Promise<StakeFacts> {
  const { token, staking } = site.contracts;
  const [boundaries, balanceWei, status] = await Promise.all([
    readBoundaries(site),
    token.read.balanceOf([site.account], inNextBlock),
    staking.read.statusOf([site.account], inNextBlock),
  ]);
  return { ...boundaries, balanceWei, hasSeat: status.isSeated, ownWei: status.ownWei };
}

/** The form, and what comes of it. */
export function stakeForm({ contracts, deployment }: Site, facts: StakeFacts): OpenAction {
  const { staking } = contracts;
  const { balanceWei, ownWei, countsFrom } = facts;
  return {
    standing: [
      facts.hasSeat
        ? `Your own stake is ${formatExactMdt(ownWei)} MDT.`
        : "You are not a validator: register first, or delegate to one.",
    ],
    fields: () => [{ kind: "amount", name: "amount", label: "Amount in MDT", hint: "", maxWei: balanceWei }],
    plan: (values) => {
      if (!facts.hasSeat) {
        return {
          kind: "nothing",
          sentence: "Only a validator has stake of its own: register first, or delegate to one.",
        };
      }
      const form = new FormReader(values);
      const amountWei = form.amount("amount", 1n, balanceWei, aboveBalance(balanceWei));
      if (form.hasProblems) return { kind: "problems", problems: form.problems };
      return {
        kind: "plan",
        plan: {
          call: callOf({ ...staking, functionName: "stake", args: [amountWei] }),
          payment: {
            spender: staking.address,
            amountWei,
            withPermit: ({ deadline, v, r, s }) =>
              callOf({ ...staking, functionName: "stakeWithPermit", args: [amountWei, deadline, v, r, s] }),
          },
          statements: [
            `You add ${formatExactMdt(amountWei)} MDT to your own stake, which then is ${formatExactMdt(ownWei + amountWei)} MDT.`,
            `It counts from ${epochStartWords(deployment.clock, countsFrom)}.`,
            exitRule,
            balanceAfter(balanceWei, amountWei),
          ],
          result: () => `You staked ${formatExactMdt(amountWei)} MDT. It counts from epoch ${countsFrom}.`,
        },
      };
    },
  };
}
