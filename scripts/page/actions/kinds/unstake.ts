import { type Address, isAddressEqual, maxUint256 } from "viem";
import { briefDecimal, formatExactMdt } from "../../../show/amounts";
import { type Action, callOf, type OpenAction, type Site } from "../action";
import { epochStartWords } from "../epochWords";
import { type Choice, type FormValues, FormReader } from "../fields";
import {
  type Boundaries,
  type Position,
  readBoundaries,
  readPositions,
  readValidators,
  shortAddress,
} from "../stakeFacts";

/** Takes stake out of a validator. */
export const unstakeAction: Action = {
  id: "unstake",
  title: "Unstake",
  purpose: "Take stake out: your own, or what you delegated. It can be withdrawn three epochs later.",
  open: async (site) => unstakeForm(site, await readFacts(site)),
};

/** What unstaking depends on. */
export interface UnstakeFacts extends Boundaries {
  readonly positions: readonly Position[];
  readonly minimumStakeWei: bigint;
}

async function readFacts(site: Site): Promise<UnstakeFacts> {
  const [boundaries, positions, minimumStakeWei] = await Promise.all([
    readBoundaries(site),
    readValidators(site).then((validators) => readPositions(site, validators)),
    site.contracts.staking.read.minimumStakeWei(),
  ]);
  return { ...boundaries, positions: positions.filter(({ stakedWei }) => stakedWei > 0n), minimumStakeWei };
}

/** The form, and what comes of it. */
export function unstakeForm(site: Site, facts: UnstakeFacts): OpenAction {
  const { positions } = facts;
  const choices: readonly Choice[] = positions.map(({ validator, stakedWei }) => ({
    value: validator,
    label: `${isAddressEqual(validator, site.account) ? "Your own stake" : shortAddress(validator)} · ${briefDecimal(stakedWei)} MDT`,
  }));
  const stakedOn = (values: FormValues) =>
    positions.find(({ validator }) => validator === values.validator)?.stakedWei ?? 0n;
  return {
    standing: positions.length === 0 ? ["You have nothing at stake."] : [],
    fields: (values) =>
      choices.length === 0
        ? []
        : [
            { kind: "choice", name: "validator", label: "From", hint: "", choices },
            { kind: "amount", name: "amount", label: "Amount in MDT", hint: "", maxWei: stakedOn(values) },
          ],
    plan: (values) => {
      if (choices.length === 0)
        return { kind: "nothing", sentence: "You have nothing at stake, so nothing can be taken out." };
      const stakedWei = stakedOn(values);
      const form = new FormReader(values);
      const validator = form.choice("validator", choices) as Address;
      const amountWei = form.amount(
        "amount",
        1n,
        stakedWei,
        `${formatExactMdt(stakedWei)} MDT are at stake there: choose at most that.`,
      );
      if (form.hasProblems) return { kind: "problems", problems: form.problems };
      const leftWei = stakedWei - amountWei;
      if (isAddressEqual(validator, site.account) && leftWei > 0n && leftWei < facts.minimumStakeWei) {
        const sentence = `A validator keeps at least ${formatExactMdt(facts.minimumStakeWei)} MDT: leave that much, or take everything and stop being a validator.`;
        return { kind: "problems", problems: { amount: sentence } };
      }
      return { kind: "plan", plan: unstakePlan(site, facts, { validator, amountWei, leftWei }) };
    },
  };
}

/** Everything is asked for as "everything", so that a slash or a gift that comes first can't spoil it. */
function unstakePlan(
  { contracts, deployment, account }: Site,
  { leavesFrom, withdrawableFrom }: UnstakeFacts,
  {
    validator,
    amountWei,
    leftWei,
  }: { readonly validator: Address; readonly amountWei: bigint; readonly leftWei: bigint },
) {
  const { staking } = contracts;
  const isOwn = isAddressEqual(validator, account);
  const where = isOwn ? "your own stake" : `your stake on ${validator}`;
  const leaves = `You stop being a validator from epoch ${leavesFrom} on, and all that was delegated to you leaves with you.`;
  return {
    call: callOf({
      ...staking,
      functionName: "unstake",
      args: [validator, leftWei === 0n ? maxUint256 : amountWei],
    }),
    payment: null,
    statements: [
      `You take ${formatExactMdt(amountWei)} MDT out of ${where}; ${formatExactMdt(leftWei)} MDT stay.`,
      ...(isOwn && leftWei === 0n ? [leaves] : []),
      `It still counts in the running epoch, and no longer from epoch ${leavesFrom} on; what does not count yet is taken first.`,
      `You can withdraw it from ${epochStartWords(deployment.clock, withdrawableFrom)}. Until then it can be slashed.`,
    ],
    result: () =>
      `You took ${formatExactMdt(amountWei)} MDT out of ${where}. It can be withdrawn from epoch ${withdrawableFrom} on.`,
  };
}
