import { type Plan, type Planned, type Site } from "../../actions/plan";
import { type DeploymentFacts } from "../api/answers";
import { type Field, type FormProblems, type FormReader, type FormValues } from "./fields";

/** Where an action takes place, and for whom: the connected account, which signs. */
export interface PageSite extends Site {
  readonly deployment: DeploymentFacts;
}

/** A filled form became a plan, or there is nothing that could be done, or it has problems. */
export type Answered = Planned | { readonly kind: "problems"; readonly problems: FormProblems };

/** Nothing can be done now. */
export interface NothingToDo {
  /** Why, and from when on something can, one sentence each. */
  readonly nothing: readonly string[];
}

/** An action as things stand now. */
export interface OpenAction {
  /** What holds for everybody: prices, and when stake counts; one sentence each. */
  readonly terms?: readonly string[];
  /** How the account stands, one sentence each. */
  readonly standing: readonly string[];
  /** The inputs; some depend on what others hold. */
  readonly fields: (values: FormValues) => readonly Field[];
  /** Turns what the fields hold, as typed, into what will happen. */
  readonly plan: (values: FormValues) => Answered | Promise<Answered>;
}

/** What to do after something was done: one sentence, and where in the page. */
export interface NextStep {
  readonly sentence: string;
  /** From "#" on. */
  readonly hash: string;
}

/** Something that a person can do. */
export interface Action {
  /** Its place in the address: `#/do/delegate`. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what it is for. */
  readonly purpose: string;
  readonly next: NextStep;
  /** Reads how things stand. */
  readonly open: (site: PageSite) => Promise<OpenAction | NothingToDo>;
}

/** The problems of a form where it has any, else the plan that it asks for. */
export function planOf({ hasProblems, problems }: FormReader, plan: () => Plan): Answered {
  return hasProblems ? { kind: "problems", problems } : { kind: "plan", plan: plan() };
}
