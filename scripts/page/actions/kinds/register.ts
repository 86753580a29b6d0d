import { type Log, parseEventLogs } from "viem";
import { formatExactMdt } from "../../../show/amounts";
import { type Action, callOf, type OpenAction, type Site } from "../action";
import { epochStartWords } from "../epochWords";
import { type Field, FormReader } from "../fields";
import { type PermitSignature } from "../permit";
import { type Boundaries, inNextBlock, readBoundaries } from "../stakeFacts";
import { aboveBalance, balanceAfter, exitRule } from "../stakeWords";

/** Takes a seat as a validator. */
export const registerAction: Action = {
  id: "register",
  title: "Become a validator",
  purpose: "Take a seat with stake of your own, score miners, and earn for yourself and your delegators.",
  open: async (site) => registerForm(site, await readFacts(site)),
};

/** What registering depends on. */
export interface RegisterFacts extends Boundaries {
  readonly balanceWei: bigint;
  readonly hasSeat: boolean;
  /** Falls over time, and rises with each registration. */
  readonly priceWei: bigint;
  readonly minimumStakeWei: bigint;
}

async function readFacts(site: Site): Promise<RegisterFacts> {
  const { token, staking } = site.contracts;
  const [boundaries, balanceWei, { isSeated }, priceWei, minimumStakeWei] = await Promise.all([
    readBoundaries(site),
    token.read.balanceOf([site.account], inNextBlock),
    staking.read.statusOf([site.account], inNextBlock),
    staking.read.registrationPriceWei(inNextBlock),
    staking.read.minimumStakeWei(),
  ]);
  return { ...boundaries, balanceWei, hasSeat: isSeated, priceWei, minimumStakeWei };
}

const commissionField = {
  kind: "number",
  name: "commission",
  label: "Commission in %",
  hint: "What you keep of your delegators' rewards: 0 to 18. It can fall at any time, and rise slowly.",
  decimals: 2,
  minimum: 0,
  maximum: 18,
} as const satisfies Field;

/** The form, and what comes of it. */
export function registerForm(site: Site, facts: RegisterFacts): OpenAction {
  const { balanceWei, priceWei, minimumStakeWei, hasSeat } = facts;
  const maxWei = balanceWei > priceWei ? balanceWei - priceWei : 0n;
  const price = `Registering costs ${formatExactMdt(priceWei)} MDT now, besides the stake.`;
  return {
    standing: [hasSeat ? "You are a validator already." : price],
    fields: () => [
      {
        kind: "amount",
        name: "stake",
        label: "Your own stake in MDT",
        hint: `At least ${formatExactMdt(minimumStakeWei)}.`,
        maxWei,
      },
      commissionField,
    ],
    plan: (values) => {
      if (hasSeat) return { kind: "nothing", sentence: "You are a validator already: add to your stake instead." };
      const form = new FormReader(values);
      const stakeWei = form.amount("stake", minimumStakeWei, maxWei, `${aboveBalance(balanceWei)} ${price}`);
      const commissionBps = form.scaled("commission", commissionField);
      if (form.hasProblems) return { kind: "problems", problems: form.problems };
      return { kind: "plan", plan: registerPlan(site, facts, stakeWei, commissionBps) };
    },
  };
}

function registerPlan({ contracts, deployment, account }: Site, facts: RegisterFacts, stakeWei: bigint, bps: number) {
  const { staking } = contracts;
  const { balanceWei, priceWei, countsFrom } = facts;
  const terms = [account, bps, stakeWei, priceWei] as const;
  return {
    call: callOf({ ...staking, functionName: "registerValidator", args: terms }),
    payment: {
      spender: staking.address,
      amountWei: stakeWei + priceWei,
      withPermit: ({ deadline, v, r, s }: PermitSignature) =>
        callOf({ ...staking, functionName: "registerValidatorWithPermit", args: [...terms, deadline, v, r, s] }),
    },
    statements: [
      `You become a validator with ${formatExactMdt(stakeWei)} MDT of your own, and keep ${bps / 100} % of your delegators' rewards.`,
      `Registering costs ${formatExactMdt(priceWei)} MDT at most, which are recycled into rewards.`,
      `Your stake counts from ${epochStartWords(deployment.clock, countsFrom)}. From then on score the miners in every epoch: three epochs without a reveal cost 1 % of the stake.`,
      exitRule,
      balanceAfter(balanceWei, stakeWei + priceWei),
    ],
    result: (logs: readonly Log[]) => {
      const [registered] = parseEventLogs({ abi: staking.abi, eventName: "ValidatorRegistered", logs: [...logs] });
      const paidWei = registered?.args.priceWei ?? priceWei;
      return `You are a validator with ${formatExactMdt(stakeWei)} MDT at stake; registering cost ${formatExactMdt(paidWei)} MDT. Your stake counts from epoch ${countsFrom}.`;
    },
  };
}
