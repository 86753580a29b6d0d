import { isAddressEqual } from "viem";
import { shownProfile } from "../../core/profile";
import { planSetProfile, readOwnProfile } from "../../actions/profile";
import { planSetCommission, planSetOperator, planUnjail, readTerms, type Terms } from "../../actions/validators";
import { type Planned } from "../../actions/plan";
import { type Action, type Answered, type NothingToDo, type OpenAction, type PageSite } from "./action";
import { type Field, FormReader } from "./fields";
import { commissionField } from "./stakeForms";

/** An action on the validator for which the account acts; nothing can be done where there is none. */
async function openTerms(
  site: PageSite,
  open: (
    terms: Terms,
  ) => { readonly standing: string; readonly fields: readonly Field[]; readonly plan: Plan } | NothingToDo,
): Promise<OpenAction | NothingToDo> {
  const terms = await readTerms(site);
  if (terms === null) return { nothing: ["You act for no validator: become one first."] };
  const opened = open(terms);
  if ("nothing" in opened) return opened;
  const { standing, fields, plan } = opened;
  const answer = (form: FormReader): Answered => {
    const planned = plan(form);
    return form.hasProblems ? { kind: "problems", problems: form.problems } : planned;
  };
  return { standing: [standing], fields: () => fields, plan: (values) => answer(new FormReader(values)) };
}

type Plan = (form: FormReader) => Planned;

/** What its owner alone may change. */
function asOwner({ account }: PageSite, { validator }: Terms, planned: () => Planned): Planned {
  if (isAddressEqual(validator, account)) return planned();
  return { kind: "nothing", sentence: `You are the operator: only the owner, ${validator}, can change this.` };
}

/** Changes one's commission. */
export const commissionAction: Action = {
  id: "commission",
  title: "Set the commission",
  purpose: "Change your share of your delegators' rewards.",
  next: { sentence: "See your stake and your duties under Mine.", hash: "#/mine" },
  open: (site) =>
    openTerms(site, (terms) => ({
      standing: `The commission is ${terms.commissionBps / 100} % from the next epoch.`,
      fields: [{ ...commissionField, preset: String(terms.commissionBps / 100) }],
      plan: (form) => {
        const commissionBps = form.scaled("commission", commissionField);
        return asOwner(site, terms, () => planSetCommission(site, terms, commissionBps));
      },
    })),
};

const operatorField = {
  kind: "address",
  name: "operator",
  label: "Operator",
  hint: "The address of your node's key. Enter your own address to remove an earlier operator.",
} as const satisfies Field;

/** Names the key for a validator's daily business. */
export const operatorAction: Action = {
  id: "operator",
  title: "Set an operator",
  purpose: "Set the key with which your node scores and produces slots for your validator. It can't move money.",
  next: {
    sentence: 'Start the node with that key ("npx mdt validator start"), and watch its duties under Mine.',
    hash: "#/mine",
  },
  open: (site) =>
    openTerms(site, (terms) => ({
      standing: `The operator is ${isAddressEqual(terms.operator, terms.validator) ? "the owner itself" : terms.operator}.`,
      fields: [operatorField],
      plan: (form) => {
        const operator = form.address("operator");
        return asOwner(site, terms, () => planSetOperator(site, terms.operator, operator));
      },
    })),
};

const profileFields = [
  { kind: "text", name: "name", label: "Name", hint: "The name to show." },
  { kind: "text", name: "site", label: "Site", hint: "Shown as a link only if it begins with https://." },
  {
    kind: "text",
    name: "contact",
    label: "Contact",
    hint: "How to contact you. Leave all fields empty to remove your profile.",
  },
] as const satisfies readonly Field[];

/** Publishes who one is. */
export const profileAction: Action = {
  id: "profile",
  title: "Publish a profile",
  purpose: "Introduce yourself to people who choose a validator.",
  next: { sentence: "See under Network how you are listed.", hash: "#/network" },
  open: async (site) => {
    const current = await readOwnProfile(site);
    const shown = shownProfile(current);
    return {
      standing: [
        shown === null ? "You have published no profile." : `Your profile is ${Object.values(shown).join(" · ")}`,
      ],
      fields: () => profileFields.map((field) => ({ ...field, preset: current[field.name] })),
      plan: (values) => {
        const textOf = (name: string) => (values[name] ?? "").trim();
        const profile = { name: textOf("name"), site: textOf("site"), contact: textOf("contact") };
        return planSetProfile(site, current, profile);
      },
    };
  },
};

/** Takes one's validator out of jail. */
export const unjailAction: Action = {
  id: "unjail",
  title: "Leave jail",
  purpose: "Make your validator active again, once its time in jail is over.",
  next: { sentence: "Check under Mine that your node reveals scores in each epoch.", hash: "#/mine" },
  open: (site) =>
    openTerms(site, (terms) =>
      terms.isJailed
        ? {
            standing: `The validator is in jail and can be active again in epoch ${terms.releasableEpoch}.`,
            fields: [],
            plan: () => planUnjail(site, terms),
          }
        : { nothing: ["The validator is not in jail."] },
    ),
};
