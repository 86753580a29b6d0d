import { epochStartWords, inNextBlock } from "../../actions/plan";
import { planDelegate, planStake, readStakeEpochs, readStakeFacts } from "../../actions/stakes";
import { planRegister, readRegisterFacts, scoringDuty } from "../../actions/validators";
import { formatExactMdt } from "../../show/amounts";
import { type Action, planOf } from "./action";
import { aboveBalance, type Field, FormReader } from "./fields";
import { measuredValidators, validatorChoices } from "./validatorChoices";

/** Stakes on somebody else's validator. */
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
      measuredValidators(site),
    ]);
    if (validators.length === 0) return { nothing: ["There is no validator yet: be the first."] };
    const choices = validatorChoices(validators);
    const { countsFrom, withdrawableFrom } = epochs;
    return {
      terms: [
        `What you stake now counts from ${epochStartWords(site.clock, countsFrom)}. Taken out again at once, it could be withdrawn from ${epochStartWords(site.clock, withdrawableFrom)}.`,
      ],
      standing: [`Your balance is ${formatExactMdt(balanceWei)} MDT.`],
      fields: () => [
        {
          kind: "choice",
          name: "validator",
          label: "Validator",
          hint: "Sorted by measured return, best first. Network compares them.",
          choices,
        },
        { kind: "amount", name: "amount", label: "Amount in MDT", hint: "", maxWei: balanceWei },
      ],
      plan: (values) => {
        const form = new FormReader(values);
        const chosen = form.choice("validator", choices);
        const amountWei = form.amount("amount", 1n, balanceWei, aboveBalance(balanceWei));
        return planOf(form, () => {
          const option = validators.find(({ validator }) => validator === chosen)!;
          return planDelegate(site, { ...epochs, balanceWei }, option, amountWei);
        });
      },
    };
  },
};

/** Adds to one's own stake as a validator. */
export const stakeAction: Action = {
  id: "stake",
  title: "Stake",
  purpose: "Add to your own stake as a validator.",
  next: { sentence: "See your stake and your duties of each epoch under Mine.", hash: "#/mine" },
  open: async (site) => {
    const facts = await readStakeFacts(site);
    const { hasSeat, ownWei, balanceWei } = facts;
    if (!hasSeat) {
      return { nothing: ["Only a validator has own stake: register first, or delegate to one."] };
    }
    return {
      standing: [`Your own stake is ${formatExactMdt(ownWei)} MDT.`],
      fields: () => [{ kind: "amount", name: "amount", label: "Amount in MDT", hint: "", maxWei: balanceWei }],
      plan: (values) => {
        const form = new FormReader(values);
        const amountWei = form.amount("amount", 1n, balanceWei, aboveBalance(balanceWei));
        return planOf(form, () => planStake(site, facts, amountWei));
      },
    };
  },
};

/** What a validator keeps. */
export const commissionField = {
  kind: "number",
  name: "commission",
  label: "Commission in %",
  hint: "Your share of your delegators' rewards: 0 to 18. You can lower it at any time, and raise it slowly.",
  decimals: 2,
  minimum: 0,
  maximum: 18,
} as const satisfies Field;

/** Takes a seat as a validator. */
export const registerAction: Action = {
  id: "register",
  title: "Become a validator",
  purpose: "Take a seat with your own stake, score miners, and earn for yourself and your delegators.",
  next: {
    sentence:
      'Start your node with "npx mdt validator start", name its key as your operator, and watch its duties under Mine.',
    hash: "#/do/operator",
  },
  open: async (site) => {
    const facts = await readRegisterFacts(site);
    const { balanceWei, priceWei, minimumStakeWei, hasSeat } = facts;
    if (hasSeat) return { nothing: ["You are already a validator."] };
    const maxWei = balanceWei > priceWei ? balanceWei - priceWei : 0n;
    const price = `Registering now costs ${formatExactMdt(priceWei)} MDT, in addition to the stake.`;
    const hint = `At least ${formatExactMdt(minimumStakeWei)}.`;
    return {
      terms: [scoringDuty, price],
      standing: [`Your balance is ${formatExactMdt(balanceWei)} MDT.`],
      fields: () => [{ kind: "amount", name: "stake", label: "Your own stake in MDT", hint, maxWei }, commissionField],
      plan: (values) => {
        const form = new FormReader(values);
        const stakeWei = form.amount("stake", minimumStakeWei, maxWei, `${aboveBalance(balanceWei)} ${price}`);
        const commissionBps = form.scaled("commission", commissionField);
        if (form.hasProblems) return { kind: "problems", problems: form.problems };
        return planRegister(site, facts, { stakeWei, commissionBps });
      },
    };
  },
};
