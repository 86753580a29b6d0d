import { type Address, isAddressEqual, type Log } from "viem";
import { formatExactMdt } from "../../../show/amounts";
import { type Action, callOf, type OpenAction, type Plan, type Planned, type Site } from "../action";
import { FormReader } from "../fields";
import { claimableWei, describeRewards, paidWei, readRewards, type RewardFacts, whyNothing } from "../rewardFacts";

/** Pays out one's own rewards. */
export const claimAction: Action = {
  id: "claim",
  title: "Claim",
  purpose: "Get what you have earned.",
  open: async (site) => claimForm(site, await readRewards(site.account)),
};

/** Pays out somebody else's rewards, to them. */
export const claimForAction: Action = {
  id: "claim-for",
  title: "Claim for another",
  purpose: "Pay the gas so that somebody else gets what they have earned.",
  open: (site) => Promise.resolve(claimForForm(site)),
};

/** The form, and what comes of it. */
export function claimForm(site: Site, rewards: RewardFacts): OpenAction {
  return {
    standing: describeRewards(rewards, true),
    fields: () => [],
    plan: () => plannedClaim(site, rewards),
  };
}

/** The form, and what comes of it: the account's rewards are looked up when the form is filled. */
export function claimForForm(site: Site, look: (account: Address) => Promise<RewardFacts> = readRewards): OpenAction {
  return {
    standing: [],
    fields: () => [
      { kind: "address", name: "account", label: "Account", hint: "Whose rewards are paid: to it, never to you." },
    ],
    plan: async (values) => {
      const form = new FormReader(values);
      const account = form.address("account");
      if (form.hasProblems) return { kind: "problems", problems: form.problems };
      return plannedClaim(site, await look(account));
    },
  };
}

function plannedClaim(site: Site, rewards: RewardFacts): Planned {
  const sentence = whyNothing(rewards, isAddressEqual(rewards.account, site.account));
  return sentence === null ? { kind: "plan", plan: claimPlan(site, rewards) } : { kind: "nothing", sentence };
}

function claimPlan({ contracts, account: sender }: Site, rewards: RewardFacts): Plan {
  const { treasury } = contracts;
  const { account, recipient, cumulativeWei, proof } = rewards;
  const isOwn = isAddressEqual(account, sender);
  const who = isOwn ? "You are" : `${account} is`;
  const where = isAddressEqual(recipient, account) ? "" : ` The recipient is ${recipient}, as the account chose.`;
  return {
    call: callOf({ ...treasury, functionName: "claim", args: [account, cumulativeWei, proof] }),
    payment: null,
    statements: [
      `${who} paid ${formatExactMdt(claimableWei(rewards))} MDT: everything earned up to epoch ${rewards.epoch ?? 0}.${where}`,
      ...(isOwn ? [] : ["You only pay the gas."]),
    ],
    result: (logs: readonly Log[]) =>
      `${isOwn ? "You were" : `${account} was`} paid ${formatExactMdt(paidWei(treasury, account, logs))} MDT.`,
  };
}
