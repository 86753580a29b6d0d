import { type Address, isAddressEqual } from "viem";
import { epochStartWords } from "../../actions/plan";
import { everything, planUnstake, planWithdraw, readStakes, shortStakeOn } from "../../actions/unstakes";
import { shortHex } from "../../show/addresses";
import { briefDecimal, formatExactMdt } from "../../show/amounts";
import { type Action, planOf } from "./action";
import { type Choice, FormReader, type FormValues } from "./fields";
import { getValidators } from "./validatorChoices";

/** Takes stake out of a validator. */
export const unstakeAction: Action = {
  id: "unstake",
  title: "Unstake",
  purpose: "Take stake out: your own, or what you delegated. It can be withdrawn some epochs later.",
  open: async (site) => {
    const [facts, minimumWei] = await Promise.all([
      getValidators().then((known) => readStakes(site, known)),
      site.contracts.staking.read.minimumStakeWei(),
    ]);
    const isOwn = (validator: Address) => isAddressEqual(validator, site.account);
    const staked = facts.positions.filter(({ willCountWei }) => willCountWei > 0n);
    const choices: readonly Choice[] = staked.map(({ validator, willCountWei }) => ({
      value: validator,
      label: `${isOwn(validator) ? "Your own stake" : shortHex(validator)} · ${briefDecimal(willCountWei)} MDT`,
    }));
    const stakedOn = (values: FormValues) =>
      staked.find(({ validator }) => validator === values.validator)?.willCountWei ?? 0n;
    return {
      standing: choices.length === 0 ? ["You have nothing at stake."] : [],
      fields: (values) =>
        choices.length === 0
          ? []
          : [
              { kind: "choice", name: "validator", label: "From", hint: "", choices },
              { kind: "amount", name: "amount", label: "Amount in MDT", hint: "", maxWei: stakedOn(values) },
            ],
      plan: (values) => {
        if (choices.length === 0) {
          return { kind: "nothing", sentence: "You have nothing at stake, so nothing can be taken out." };
        }
        const stakedWei = stakedOn(values);
        const form = new FormReader(values);
        const validator = form.choice("validator", choices) as Address;
        const beyond = `${formatExactMdt(stakedWei)} MDT are at stake there: choose at most that.`;
        const amountWei = form.amount("amount", 1n, stakedWei, beyond);
        const leftWei = stakedWei - amountWei;
        if (!form.hasProblems && isOwn(validator) && leftWei > 0n && leftWei < minimumWei) {
          const sentence = `A validator keeps at least ${formatExactMdt(minimumWei)} MDT: leave that much, or take everything and stop being a validator.`;
          return { kind: "problems", problems: { amount: sentence } };
        }
        return planOf(form, () => planUnstake(site, facts, validator, leftWei === 0n ? everything : amountWei));
      },
    };
  },
};

/** Pays out stake that was taken out before. */
export const withdrawAction: Action = {
  id: "withdraw",
  title: "Withdraw",
  purpose: "Get back stake that you took out earlier, once its time has come.",
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
    const nothing = ["Nothing can be withdrawn now.", ...waiting];
    return {
      standing: ready.length === 0 ? nothing : waiting,
      fields: () =>
        ready.length === 0 ? [] : [{ kind: "choice", name: "validator", label: "What", hint: "", choices }],
      plan: (values) => {
        if (ready.length === 0) return { kind: "nothing", sentence: nothing.join(" ") };
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
