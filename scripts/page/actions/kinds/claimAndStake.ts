import { type Address, isAddressEqual, type Log } from "viem";
import { formatExactMdt } from "../../../show/amounts";
import { type Action, callOf, type OpenAction, type Site } from "../action";
import { epochStartWords } from "../epochWords";
import { FormReader } from "../fields";
import { claimableWei, describeRewards, paidWei, readRewards, type RewardFacts, whyNothing } from "../rewardFacts";
import { type Boundaries, readBoundaries, readValidators, validatorChoices, type ValidatorOption } from "../stakeFacts";
import { exitRule } from "../stakeWords";

/** Stakes one's rewards without holding them first. */
export const claimAndStakeAction: Action = {
  id: "claim-and-stake",
  title: "Claim and stake",
  purpose: "Put what you have earned at stake, in one transaction.",
  open: async (site) => claimAndStakeForm(site, await readFacts(site)),
};

/** What claiming and staking depends on. */
export interface ClaimAndStakeFacts extends Boundaries {
  readonly rewards: RewardFacts;
  readonly validators: readonly ValidatorOption[];
}

async function readFacts(site: Site): Promise<ClaimAndStakeFacts> {
  const [boundaries, rewards, validators] = await Promise.all([
    readBoundaries(site),
    readRewards(site.account),
    readValidators(site),
  ]);
  return { ...boundaries, rewards, validators };
}

/** The form, and what comes of it. */
export function claimAndStakeForm(site: Site, facts: ClaimAndStakeFacts): OpenAction {
  const { account, contracts, deployment } = site;
  const { treasury } = contracts;
  const { rewards, validators, countsFrom } = facts;
  const choices = validatorChoices(validators);
  return {
    standing: describeRewards(rewards, true),
    fields: () => [
      { kind: "choice", name: "validator", label: "Validator", hint: "Your own, or one to delegate to.", choices },
    ],
    plan: (values) => {
      const sentence = whyNothing(rewards, true);
      if (sentence !== null) return { kind: "nothing", sentence };
      const form = new FormReader(values);
      const validator = form.choice("validator", choices) as Address;
      if (form.hasProblems) return { kind: "problems", problems: form.problems };
      const where = isAddressEqual(validator, account) ? "your own stake" : `your stake on ${validator}`;
      return {
        kind: "plan",
        plan: {
          call: callOf({
            ...treasury,
            functionName: "claimAndStake",
            args: [rewards.cumulativeWei, rewards.proof, validator],
          }),
          payment: null,
          statements: [
            `${formatExactMdt(claimableWei(rewards))} MDT, everything you earned up to epoch ${rewards.epoch ?? 0}, are added to ${where}.`,
            `They count from ${epochStartWords(deployment.clock, countsFrom)}.`,
            exitRule,
            "Your balance stays as it is, and nothing is paid to a recipient that you may have set.",
          ],
          result: (logs: readonly Log[]) =>
            `${formatExactMdt(paidWei(treasury, account, logs))} MDT were added to ${where}. They count from epoch ${countsFrom}.`,
        },
      };
    },
  };
}
