import { type Address, getAddress } from "viem";
import { type Plan, type Planned, type Site } from "../../actions/plan";
import { addressProblem } from "../../core/address";
import { AmountError, formatExactMdt, parseMdt } from "../../show/amounts";
import { type DeploymentFacts } from "../api";
import { matches } from "../models/tables";

/** Where an action takes place, and for whom: the connected account, which signs. */
export interface PageSite extends Site {
  readonly deployment: DeploymentFacts;
}

/** Something that a person can do. */
export interface Action {
  /** Its place in the address: `#/do/delegate`. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what it is for. */
  readonly purpose: string;
  /** What to do next: one sentence, and where in the page, from "#" on. */
  readonly next: { readonly sentence: string; readonly hash: string };
  /** Reads how things stand. */
  readonly open: (site: PageSite) => Promise<OpenAction | NothingToDo>;
}

/** Nothing can be done now. */
export interface NothingToDo {
  /** Why, and when something can be done, one sentence each. */
  readonly nothing: readonly string[];
}

/** An action as things stand now. */
export interface OpenAction {
  /** What holds for everyone: prices, and when stake counts; one sentence each. */
  readonly terms: readonly string[];
  /** How the account stands, one sentence each. */
  readonly standing: readonly string[];
  /** The inputs; some depend on what others hold. */
  readonly fields: (held: FormValues) => Fields;
  /** Turns the values of the fields into a plan. */
  readonly plan: (held: FormValues) => Promise<Answered>;
}

/** The answer to a filled form: a plan, nothing to do, or problems. */
type Answered = Planned | Problems;

/** The problems of inputs, by name: each a sentence that says what would be accepted. */
export type FormProblems = Readonly<Record<string, string>>;

interface Problems {
  readonly kind: "problems";
  readonly problems: FormProblems;
}

/** The values of the inputs, by name, as typed. */
export type FormValues = Readonly<Record<string, string>>;

/** The inputs of a form, by name, in the order in which they are shown. */
export type Fields = Readonly<Record<string, Field>>;

/** One input, and how to read its text. */
export interface Field<T = unknown> {
  readonly label: string;
  /** Read with the label. */
  readonly hint?: string;
  /** Its value until someone types. */
  readonly preset?: string;
  /** Whether it takes only numbers. */
  readonly isNumber?: boolean;
  /** What the "Max" button fills in. */
  readonly maxWei?: bigint;
  /** The choices, if nothing else can be entered. */
  readonly choices?: readonly Choice<T>[];
  /** @param text Without spaces around it. @throws FieldError */
  readonly read: (text: string) => T;
}

/** One answer that can be chosen. */
export interface Choice<T = unknown> {
  readonly value: string;
  readonly label: string;
  /** Another text by which it can be found. */
  readonly also?: string;
  readonly meaning: T;
}

/** Whether the sought text is a part of a choice's label, its value or its other name. */
export function matchesChoice({ label, value, also = "" }: Choice, sought: string): boolean {
  return matches([label, value, also], sought);
}

/** The value of an input is wrong; the message says what would be accepted. */
export class FieldError extends Error {
  override readonly name = "FieldError";
}

type Words = Pick<Field, "label" | "hint" | "preset">;

/** An address with a right checksum, or without one. @throws FieldError */
export function readAddress(text: string): Address {
  const problem = addressProblem(text) ?? (/^0x0+$/.test(text) ? "must not be the zero address" : undefined);
  if (problem !== undefined) throw new FieldError(`It ${problem}.`);
  return getAddress(text);
}

/** A text that is not empty, of at most `mostBytes` bytes. @throws FieldError */
export function readText(text: string, mostBytes: number): string {
  if (text === "") throw new FieldError("This field must not be empty.");
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > mostBytes) throw new FieldError(`It has ${bytes} bytes, but at most ${mostBytes} are allowed.`);
  return text;
}

/**
 * An amount in wei, at least `minimumWei` and at most `maxWei`.
 * @param beyond The sentence to show if the amount is too high.
 */
export function amountField({
  minimumWei = 1n,
  maxWei,
  beyond,
  ...words
}: Partial<Words> & {
  readonly minimumWei?: bigint;
  readonly maxWei: bigint;
  readonly beyond: string;
}): Field<bigint> {
  const read = (text: string): bigint => {
    const amountWei = parseMdt(text);
    if (amountWei > maxWei) throw new FieldError(beyond);
    if (amountWei < minimumWei) throw new FieldError(`It must be at least ${formatExactMdt(minimumWei)} MDT.`);
    return amountWei;
  };
  return { label: "Amount in MDT", ...words, isNumber: true, maxWei, read };
}

/** What is wrong with an amount that the account can't pay. */
export function aboveBalance(balanceWei: bigint): string {
  return `You have only ${formatExactMdt(balanceWei)} MDT.`;
}

/** One of the choices offered. */
export function choiceField<T>(words: Words, choices: readonly Choice<T>[]): Field<T> {
  const read = (text: string): T => {
    const chosen = choices.find(({ value }) => value === text);
    if (chosen === undefined) throw new FieldError("Choose one from the list.");
    return chosen.meaning;
  };
  return { ...words, choices, read };
}

/** A number times 10^decimals, exact; `minimum` and `maximum` are inclusive, and in the unit that people type. */
export function numberField(
  words: Words,
  { decimals, minimum, maximum }: { readonly decimals: number; readonly minimum: number; readonly maximum: number },
): Field<number> {
  const form = decimals === 0 ? /^\d{1,9}$/ : new RegExp(`^\\d{1,9}(\\.\\d{1,${decimals}})?$`);
  const detail = decimals === 0 ? "a whole number" : `a number with at most ${decimals} decimals`;
  const read = (text: string): number => {
    const isRight = form.test(text) && Number(text) >= minimum && Number(text) <= maximum;
    if (!isRight) throw new FieldError(`Enter ${detail} from ${minimum} to ${maximum}.`);
    return Math.round(Number(text) * 10 ** decimals);
  };
  return { ...words, isNumber: true, read };
}

/** The values of a form's inputs: as typed, otherwise as preset. */
export function heldBy(fields: Fields, typed: FormValues): FormValues {
  return Object.fromEntries(Object.entries(fields).map(([name, { preset = "" }]) => [name, typed[name] ?? preset]));
}

type Read<F extends Fields> = { readonly [N in keyof F]: F[N] extends Field<infer T> ? T : never };

/** What the inputs' values mean, or everything that is wrong with them. */
export function readFields<F extends Fields>(
  fields: F,
  held: FormValues,
): Problems | { readonly kind: "read"; readonly values: Read<F> } {
  const problems: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  for (const [name, { read }] of Object.entries(fields)) {
    try {
      values[name] = read((held[name] ?? "").trim());
    } catch (error) {
      if (!(error instanceof FieldError || error instanceof AmountError)) throw error;
      problems[name] = error.message;
    }
  }
  return Object.keys(problems).length > 0
    ? { kind: "problems", problems }
    : { kind: "read", values: values as Read<F> };
}

/** A form whose inputs are read before anything is planned. */
export function form<F extends Fields>({
  terms = [],
  standing = [],
  fields,
  plan,
}: {
  readonly terms?: readonly string[];
  readonly standing?: readonly string[];
  readonly fields: (held: FormValues) => F;
  readonly plan: (values: Read<F>) => Plan | Answered | Promise<Plan | Answered>;
}): OpenAction {
  return {
    terms,
    standing,
    fields,
    plan: async (held) => {
      const read = readFields(fields(held), held);
      if (read.kind === "problems") return read;
      const planned = await plan(read.values);
      return "kind" in planned ? planned : { kind: "plan", plan: planned };
    },
  };
}
