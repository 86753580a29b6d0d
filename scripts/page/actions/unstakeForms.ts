import { type Address, isAddressEqual } from "viem";
import { epochStartWords } from "../../actions/plan";
import {
  everything,
  planRedelegate,
  planUnstake,
  planWithdraw,
  readStakes,
  shortStakeOn,
} from "../../actions/unstakes";
import { shortHex } from "../../show/bytes";
import { briefDecimal, formatExactMdt } from "../../show/amounts";
import { type Position } from "../../views/accounts";
import { type Action, type PageSite, planOf } from "./action";
import { type Choice, FormReader, type FormValues } from "./fields";
import { getValidators, measuredValidators, validatorChoices } from "./validatorChoices";

/** Where the account has stake that can leave, as the choices of a list, and how much there is on the chosen one. */
function stakedChoices(site: Pick<PageSite, "account">, positions: readonly Position[]) {
  const staked = positions.filter(({ willCountWei }) => willCountWei > 0n);
  const choices = staked.map(({ validator, willCountWei }): Choice => {
    const name = isAddressEqual(validator, site.account) ? "Your own stake" : shortHex(validator);
    return { value: validator, label: `${name} · ${briefDecimal(willCountWei)} MDT` };
  });
  const stakedOn = (values: FormValues) =>
    staked.find(({ validator }) => validator === values.validator)?.willCountWei ?? 0n;
  return { choices, stakedOn };
}

/** What the form says is to leave, of so much that is staked. */
function leavingAmount(form: FormReader, stakedWei: bigint): bigint {
  return form.amount("amount", 1n, stakedWei, `Your stake there is only ${formatExactMdt(stakedWei)} MDT.`);
}

/** Takes stake out of a validator. */
export const unstakeAction: Action = {
  id: "unstake",
  title: "Unstake",
  purpose: "Take out own stake or a delegation. You can withdraw it when the exit delay is over.",
  next: { sentence: "Withdraw it when the exit delay is over: see the date under Mine.", hash: "#/mine" },
  open: async (site) => {
    const [facts, minimumWei] = await Promise.all([
      getValidators().then((known) => readStakes(site, known)),
      site.contracts.staking.read.minimumStakeWei(),
    ]);
    const isOwn = (validator: Address) => isAddressEqual(validator, site.account);
    const { choices, stakedOn } = stakedChoices(site, facts.positions);
    if (choices.length === 0) return { nothing: ["You have no stake to take out."] };
    return {
      standing: [],
      fields: (values) => [
        { kind: "choice", name: "validator", label: "From", hint: "", choices },
        { kind: "amount", name: "amount", label: "Amount in MDT", hint: "", maxWei: stakedOn(values) },
      ],
      plan: (values) => {
        const stakedWei = stakedOn(values);
        const form = new FormReader(values);
        const validator = form.choice("validator", choices) as Address;
        const amountWei = leavingAmount(form, stakedWei);
        const leftWei = stakedWei - amountWei;
        if (!form.hasProblems && isOwn(validator) && leftWei > 0n && leftWei < minimumWei) {
          const sentence = `A validator's minimum own stake is ${formatExactMdt(minimumWei)} MDT: leave at least that, or take everything and stop being a validator.`;
          return { kind: "problems", problems: { amount: sentence } };
        }
        return planOf(form, () => planUnstake(site, facts, validator, leftWei === 0n ? everything : amountWei));
      },
    };
  },
};

/** Moves a delegation from one validator to another. */
export const redelegateAction: Action = {
  id: "redelegate",
  title: "Redelegate",
  purpose: "Move a delegation to another validator; it counts without a gap.",
  next: { sentence: "See your stake, and when it takes effect, under Mine.", hash: "#/mine" },
  open: async (site) => {
    const [facts, validators] = await Promise.all([
      getValidators().then((known) => readStakes(site, known)),
      measuredValidators(site),
    ]);
    const isOther = ({ validator }: { readonly validator: Address }) => !isAddressEqual(validator, site.account);
    const { choices, stakedOn } = stakedChoices(site, facts.positions.filter(isOther));
    const targets = (values: FormValues) =>
      validatorChoices(validators.filter((option) => isOther(option) && option.validator !== values.validator));
    if (choices.length === 0) return { nothing: ["You have no delegation to move."] };
    return {
      standing: [],
      fields: (values) => [
        { kind: "choice", name: "validator", label: "From", hint: "", choices },
        {
          kind: "choice",
          name: "to",
          label: "To",
          hint: "Sorted by measured return, best first.",
          choices: targets(values),
        },
        { kind: "amount", name: "amount", label: "Amount in MDT", hint: "", maxWei: stakedOn(values) },
      ],
      plan: (values) => {
        const stakedWei = stakedOn(values);
        const form = new FormReader(values);
        const from = form.choice("validator", choices) as Address;
        const to = form.choice("to", targets(values));
        const amountWei = leavingAmount(form, stakedWei);
        return planOf(form, () => {
          const option = validators.find(({ validator }) => validator === to)!;
          return planRedelegate(site, facts, from, option, amountWei === stakedWei ? everything : amountWei);
        });
      },
    };
  },
};

/** Pays out stake that was taken out before. */
export const withdrawAction: Action = {
  id: "withdraw",
  title: "Withdraw",
  purpose: "Get stake paid out whose exit delay is over.",
  next: { sentence: "See your balance under Mine. Stake it elsewhere, or keep it.", hash: "#/mine" },
  open: async (site) => {
    const { positions } = await readStakes(site, await getValidators());
    const ready = positions.filter(({ withdrawableWei }) => withdrawableWei > 0n);
    const choices: readonly Choice[] = ready.map(({ validator, withdrawableWei }) => ({
      value: validator,
      label: `${briefDecimal(withdrawableWei)} MDT of ${shortStakeOn(site, validator)}`,
    }));
    const waiting = positions.flatMap(({ validator, exits }) =>
      exits.map(
        ({ amountWei, withdrawableEpoch }) =>
          `${formatExactMdt(amountWei)} MDT of ${shortStakeOn(site, validator)} can be withdrawn from ${epochStartWords(site.clock, withdrawableEpoch)}.`,
      ),
    );
    if (ready.length === 0) return { nothing: ["Nothing can be withdrawn now.", ...waiting] };
    return {
      standing: waiting,
      fields: () => [{ kind: "choice", name: "validator", label: "What", hint: "", choices }],
      plan: (values) => {
        const form = new FormReader(values);
        const chosen = form.choice("validator", choices);
        return planOf(form, () =>
          planWithdraw(
            site,
            ready.find(({ validator }) => validator === chosen)!,
          ),
        );
      },
    };
  },
};
