import { isAddressEqual } from "viem";
import { type Planned } from "../../actions/plan";
import { planSetProfile, readOwnProfile } from "../../actions/profile";
import { planStake, readStakeFacts } from "../../actions/stakes";
import {
  planRegister,
  planSetCommission,
  planSetOperator,
  planUnjail,
  readRegisterFacts,
  readTerms,
  scoringDuty,
  type Terms,
} from "../../actions/validators";
import { shownProfile } from "../../core/profile";
import { formatExactMdt } from "../../show/amounts";
import {
  aboveBalance,
  type Action,
  amountField,
  type Field,
  form,
  type NothingToDo,
  numberField,
  type OpenAction,
  type PageSite,
  readAddress,
} from "./form";

/** The input for a commission, in basis points. */
function commissionField(preset?: string): Field<number> {
  const hint = "Your share of your delegators' rewards: 0 to 18. You can lower it at any time, and raise it slowly.";
  const words = { label: "Commission in %", hint, ...(preset === undefined ? {} : { preset }) };
  return numberField(words, { decimals: 2, minimum: 0, maximum: 18 });
}

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
    const price = `Registering now costs ${formatExactMdt(priceWei)} MDT, in addition to the stake.`;
    return form({
      terms: [scoringDuty, price],
      standing: [`Your balance is ${formatExactMdt(balanceWei)} MDT.`],
      fields: () => ({
        stake: amountField({
          label: "Your own stake in MDT",
          hint: `At least ${formatExactMdt(minimumStakeWei)}.`,
          minimumWei: minimumStakeWei,
          maxWei: balanceWei > priceWei ? balanceWei - priceWei : 0n,
          beyond: `${aboveBalance(balanceWei)} ${price}`,
        }),
        commission: commissionField(),
      }),
      plan: ({ stake, commission }) => planRegister(site, facts, { stakeWei: stake, commissionBps: commission }),
    });
  },
};

/** Adds to the account's own stake as a validator. */
export const stakeAction: Action = {
  id: "stake",
  title: "Stake",
  purpose: "Add to your own stake as a validator.",
  next: { sentence: "See your stake and your duties of each epoch under Mine.", hash: "#/mine" },
  open: async (site) => {
    const facts = await readStakeFacts(site);
    const { hasSeat, ownWei, balanceWei } = facts;
    if (!hasSeat) return { nothing: ["Only validators have their own stake: register first, or delegate to one."] };
    return form({
      standing: [`Your own stake is ${formatExactMdt(ownWei)} MDT.`],
      fields: () => ({ amount: amountField({ maxWei: balanceWei, beyond: aboveBalance(balanceWei) }) }),
      plan: ({ amount }) => planStake(site, facts, amount),
    });
  },
};

/** An action on the validator for which the account acts; there is nothing to do if it acts for none. */
async function openTerms(
  site: PageSite,
  open: (terms: Terms) => OpenAction | NothingToDo,
): Promise<OpenAction | NothingToDo> {
  const terms = await readTerms(site);
  return terms === null ? { nothing: ["You act for no validator: become one first."] } : open(terms);
}

/** A plan that only the validator's owner may make. */
function asOwner({ account }: PageSite, { validator }: Terms, planned: () => Planned): Planned {
  if (isAddressEqual(validator, account)) return planned();
  return { kind: "nothing", sentence: `You are the operator: only the owner, ${validator}, can change this.` };
}

/** Changes the validator's commission. */
export const commissionAction: Action = {
  id: "commission",
  title: "Set the commission",
  purpose: "Change your share of your delegators' rewards.",
  next: { sentence: "See your stake and your duties under Mine.", hash: "#/mine" },
  open: (site) =>
    openTerms(site, (terms) =>
      form({
        standing: [`The commission is ${terms.commissionBps / 100} % from the next epoch.`],
        fields: () => ({ commission: commissionField(String(terms.commissionBps / 100)) }),
        plan: ({ commission }) => asOwner(site, terms, () => planSetCommission(site, terms, commission)),
      }),
    ),
};

/** Names the operator, the key for a validator's daily work. */
export const operatorAction: Action = {
  id: "operator",
  title: "Set an operator",
  purpose: "Set the key with which your node scores and produces slots for your validator. It can't move money.",
  next: {
    sentence: 'Start the node with that key ("npx mdt validator start"), and watch its duties under Mine.',
    hash: "#/mine",
  },
  open: (site) =>
    openTerms(site, (terms) => {
      const { operator: current, validator } = terms;
      const hint = "The address of your node's key. Enter your own address to remove an earlier operator.";
      return form({
        standing: [`The operator is ${isAddressEqual(current, validator) ? "the owner itself" : current}.`],
        fields: () => ({ operator: { label: "Operator", hint, read: readAddress } }),
        plan: ({ operator }) => asOwner(site, terms, () => planSetOperator(site, current, operator)),
      });
    }),
};

/** Takes the account's validator out of jail. */
export const unjailAction: Action = {
  id: "unjail",
  title: "Leave jail",
  purpose: "Make your validator active again, once its time in jail is over.",
  next: { sentence: "Check under Mine that your node reveals scores in each epoch.", hash: "#/mine" },
  open: (site) =>
    openTerms(site, (terms) =>
      terms.isJailed
        ? form({
            standing: [`The validator is in jail and can be active again in epoch ${terms.releasableEpoch}.`],
            fields: () => ({}),
            plan: () => planUnjail(site, terms),
          })
        : { nothing: ["The validator is not in jail."] },
    ),
};

/** Publishes the account's profile. */
export const profileAction: Action = {
  id: "profile",
  title: "Publish a profile",
  purpose: "Introduce yourself to people who choose a validator.",
  next: { sentence: "See how you are listed under Network.", hash: "#/network" },
  open: async (site) => {
    const current = await readOwnProfile(site);
    const shown = shownProfile(current);
    const field = (label: string, hint: string, preset: string) => ({
      label,
      hint,
      preset,
      read: (text: string) => text,
    });
    return form({
      standing: [
        shown === null ? "You have published no profile." : `Your profile is ${Object.values(shown).join(" · ")}`,
      ],
      fields: () => ({
        name: field("Name", "The name to show.", current.name),
        site: field("Site", "Shown as a link only if it begins with https://.", current.site),
        contact: field(
          "Contact",
          "How to contact you. Leave all fields empty to remove your profile.",
          current.contact,
        ),
      }),
      plan: (profile) => planSetProfile(site, current, profile),
    });
  },
};
