import { type Address, isAddressEqual } from "viem";
import { epochStartWords, inNextBlock } from "../../actions/plan";
import { planDelegate, readStakeEpochs, readValidators, type ValidatorOption } from "../../actions/stakes";
import {
  everything,
  planRedelegate,
  planUnstake,
  planWithdraw,
  readStakes,
  shortStakeOn,
} from "../../actions/unstakes";
import { shortHex } from "../../show/bytes";
import { briefDecimal, formatExactMdt, percentOfWad } from "../../show/amounts";
import { type Position } from "../../views/accounts";
import { getJson, type ValidatorsAnswer } from "../api";
import { aboveBalance, type Action, amountField, type Choice, choiceField, form, type PageSite } from "./form";

/** The validators with a seat as the choices of a list, those whose delegators recently earned most first. */
export async function validatorChoices(site: PageSite): Promise<readonly Choice<ValidatorOption>[]> {
  const { validators } = await getJson<ValidatorsAnswer>("/v1/validators");
  const returns = new Map(validators.map(({ validator, record }) => [validator, record.yearlyReturnWad]));
  const options = await readValidators(site, [...returns.keys()] as Address[]);
  /** The recent yearly return of a token staked there; −1 if nothing is measured. */
  const returnWad = ({ validator }: ValidatorOption) => BigInt(returns.get(validator) ?? -1);
  return options
    .filter(({ hasSeat }) => hasSeat)
    .toSorted((a, b) => Number(returnWad(b) - returnWad(a)))
    .map((option) => ({
      value: option.validator,
      label: [
        `${option.name === "" ? "" : `${option.name} `}${shortHex(option.validator)}`,
        ...(option.isJailed ? ["jailed"] : []),
        ...(returnWad(option) < 0n ? [] : [`${percentOfWad(returnWad(option))} a year`]),
        `keeps ${option.commissionBps / 100} %`,
        `${briefDecimal(option.totalWei)} MDT`,
      ].join(" · "),
      meaning: option,
    }));
}

/** Stakes on someone else's validator. */
export const delegateAction: Action = {
  id: "delegate",
  title: "Delegate",
  purpose: "Stake with a validator and share its rewards.",
  next: {
    sentence: "See your stake and its rewards under Mine, and claim them there.",
    hash: "#/mine",
  },
  open: async (site) => {
    const [epochs, balanceWei, validators] = await Promise.all([
      readStakeEpochs(site),
      site.contracts.token.read.balanceOf([site.account], inNextBlock),
      validatorChoices(site),
    ]);
    if (validators.length === 0) return { nothing: ["There is no validator yet: be the first."] };
    const { countsFrom, withdrawableFrom } = epochs;
    const hint = "Sorted by measured return, best first. Network compares them.";
    return form({
      terms: [
        `Stake added now counts from ${epochStartWords(site.clock, countsFrom)}. If you unstake it at once, you can withdraw it from ${epochStartWords(site.clock, withdrawableFrom)}.`,
      ],
      standing: [`Your balance is ${formatExactMdt(balanceWei)} MDT.`],
      fields: () => ({
        validator: choiceField({ label: "Validator", hint }, validators),
        amount: amountField({ maxWei: balanceWei, beyond: aboveBalance(balanceWei) }),
      }),
      plan: ({ validator, amount }) => planDelegate(site, { ...epochs, balanceWei }, validator, amount),
    });
  },
};

/** The account's stake with every validator that ever registered. */
async function readOwnStakes(site: PageSite) {
  const { validators } = await getJson<ValidatorsAnswer>("/v1/validators");
  return readStakes(
    site,
    validators.map(({ validator }) => validator as Address),
  );
}

/** The account's stake that can leave, by validator, as the choices of a list. */
function stakedChoices({ account }: PageSite, positions: readonly Position[]): readonly Choice<Position>[] {
  return positions
    .filter(({ willCountWei }) => willCountWei > 0n)
    .map((position) => {
      const name = isAddressEqual(position.validator, account) ? "Your own stake" : shortHex(position.validator);
      const label = `${name} · ${briefDecimal(position.willCountWei)} MDT`;
      return { value: position.validator, label, meaning: position };
    });
}

/** The amount to take out, at most the stake with the chosen validator. */
function leavingField(staked: readonly Choice<Position>[], chosen: string | undefined) {
  const maxWei = staked.find(({ value }) => value === chosen)?.meaning.willCountWei ?? 0n;
  return amountField({ maxWei, beyond: `Your stake there is only ${formatExactMdt(maxWei)} MDT.` });
}

/** Takes stake out of a validator. */
export const unstakeAction: Action = {
  id: "unstake",
  title: "Unstake",
  purpose: "Take out your own stake or a delegation. You can withdraw it when the exit delay is over.",
  next: { sentence: "Withdraw it when the exit delay is over: see the date under Mine.", hash: "#/mine" },
  open: async (site) => {
    const [facts, minimumWei] = await Promise.all([readOwnStakes(site), site.contracts.staking.read.minimumStakeWei()]);
    const staked = stakedChoices(site, facts.positions);
    if (staked.length === 0) return { nothing: ["You have no stake to take out."] };
    return form({
      fields: ({ validator }) => ({
        validator: choiceField({ label: "From" }, staked),
        amount: leavingField(staked, validator),
      }),
      plan: ({ validator: { validator, willCountWei }, amount }) => {
        const leftWei = willCountWei - amount;
        if (isAddressEqual(validator, site.account) && leftWei > 0n && leftWei < minimumWei) {
          const sentence = `A validator's minimum own stake is ${formatExactMdt(minimumWei)} MDT: leave at least that, or take everything and stop being a validator.`;
          return { kind: "problems", problems: { amount: sentence } };
        }
        return planUnstake(site, facts, validator, leftWei === 0n ? everything : amount);
      },
    });
  },
};

/** Moves a delegation from one validator to another. */
export const redelegateAction: Action = {
  id: "redelegate",
  title: "Redelegate",
  purpose: "Move a delegation to another validator; it counts without a gap.",
  next: { sentence: "See your stake, and when it takes effect, under Mine.", hash: "#/mine" },
  open: async (site) => {
    const [facts, validators] = await Promise.all([readOwnStakes(site), validatorChoices(site)]);
    const isOther = ({ validator }: { readonly validator: Address }) => !isAddressEqual(validator, site.account);
    const staked = stakedChoices(site, facts.positions.filter(isOther));
    if (staked.length === 0) return { nothing: ["You have no delegation to move."] };
    const targets = (from: string | undefined) =>
      validators.filter(({ value, meaning }) => isOther(meaning) && value !== from);
    return form({
      fields: ({ validator }) => ({
        validator: choiceField({ label: "From" }, staked),
        to: choiceField({ label: "To", hint: "Sorted by measured return, best first." }, targets(validator)),
        amount: leavingField(staked, validator),
      }),
      plan: ({ validator: from, to, amount }) =>
        planRedelegate(site, facts, from.validator, to, amount === from.willCountWei ? everything : amount),
    });
  },
};

/** Pays out stake whose exit delay is over. */
export const withdrawAction: Action = {
  id: "withdraw",
  title: "Withdraw",
  purpose: "Withdraw stake whose exit delay is over.",
  next: { sentence: "See your balance under Mine. Stake it elsewhere, or keep it.", hash: "#/mine" },
  open: async (site) => {
    const { positions } = await readOwnStakes(site);
    const ready = positions.filter(({ withdrawableWei }) => withdrawableWei > 0n);
    const choices = ready.map((position) => ({
      value: position.validator,
      label: `${briefDecimal(position.withdrawableWei)} MDT of ${shortStakeOn(site, position.validator)}`,
      meaning: position,
    }));
    const waiting = positions.flatMap(({ validator, exits }) =>
      exits.map(
        ({ amountWei, withdrawableEpoch }) =>
          `${formatExactMdt(amountWei)} MDT of ${shortStakeOn(site, validator)} can be withdrawn from ${epochStartWords(site.clock, withdrawableEpoch)}.`,
      ),
    );
    if (ready.length === 0) return { nothing: ["Nothing can be withdrawn now.", ...waiting] };
    return form({
      standing: waiting,
      fields: () => ({ validator: choiceField({ label: "What" }, choices) }),
      plan: ({ validator: position }) => planWithdraw(site, position),
    });
  },
};
