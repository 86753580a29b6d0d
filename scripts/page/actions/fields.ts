import { type Address, getAddress, zeroAddress } from "viem";
import { addressProblem } from "../../core/address";
import { AmountError, formatExactMdt, parseMdt } from "../../show/amounts";

/** One answer that can be chosen. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  /** By what else it can be looked for. */
  readonly also?: string;
}

/** Whether a choice is meant by a part of its label or value. */
export function matchesChoice({ value, label, also = "" }: Choice, sought: string): boolean {
  const text = sought.trim().toLowerCase();
  return [label, value, also].some((one) => one.toLowerCase().includes(text));
}

/** One input of a form; `hint` is read with its label, and `preset` is what it holds until somebody types. */
export type Field = {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly preset?: string;
} & (
  | {
      readonly kind: "amount";
      /** What the "Max" button fills in. */
      readonly maxWei?: bigint;
    }
  | { readonly kind: "address" }
  | { readonly kind: "choice"; readonly choices: readonly Choice[] }
  /** A number with so many decimals at most, inclusive bounds. */
  | { readonly kind: "number"; readonly decimals: number; readonly minimum: number; readonly maximum: number }
  | { readonly kind: "text" }
);

/** What the inputs hold, by name, as typed. */
export type FormValues = Readonly<Record<string, string>>;

/** What the inputs of a form hold: what was typed, else what is preset. */
export function heldBy(fields: readonly Field[], typed: FormValues): FormValues {
  return Object.fromEntries(fields.map(({ name, preset = "" }) => [name, typed[name] ?? preset]));
}

/** What is wrong with inputs, by name: a sentence that says what would do. */
export type FormProblems = Readonly<Record<string, string>>;

/** What was read out of a form: the value of every field, or every problem. */
export class FormReader {
  readonly #problems: Record<string, string> = {};

  constructor(private readonly values: FormValues) {}

  /** All problems found so far. */
  get problems(): FormProblems {
    return this.#problems;
  }

  get hasProblems(): boolean {
    return Object.keys(this.#problems).length > 0;
  }

  /**
   * An amount in wei, at least `minimumWei` and at most `maximumWei`; 0 where there is a problem.
   * @param beyond What it means that the amount is too high: a sentence.
   */
  amount(name: string, minimumWei: bigint, maximumWei: bigint, beyond: string): bigint {
    try {
      const amountWei = parseMdt(this.#text(name));
      if (amountWei > maximumWei) return this.#problem(name, beyond, 0n);
      if (amountWei < minimumWei) {
        return this.#problem(name, `It must be at least ${formatExactMdt(minimumWei)} MDT.`, 0n);
      }
      return amountWei;
    } catch (error) {
      if (!(error instanceof AmountError)) throw error;
      return this.#problem(name, error.message, 0n);
    }
  }

  /** An address with a right checksum, or without one; the zero address where there is a problem. */
  address(name: string): Address {
    const text = this.#text(name);
    const problem = addressProblem(text) ?? (/^0x0+$/.test(text) ? "must not be the zero address" : undefined);
    return problem === undefined ? getAddress(text) : this.#problem(name, `It ${problem}.`, zeroAddress);
  }

  /** One of the choices offered; an empty text where there is a problem. */
  choice(name: string, choices: readonly Choice[]): string {
    const text = this.#text(name);
    if (choices.some(({ value }) => value === text)) return text;
    return this.#problem(name, "Choose one from the list.", "");
  }

  /** A number times 10^decimals, exact; `minimum` and `maximum` are in the unit that people type. */
  scaled(name: string, { decimals, minimum, maximum }: Extract<Field, { readonly kind: "number" }>): number {
    const text = this.#text(name);
    const form = decimals === 0 ? /^\d{1,9}$/ : new RegExp(`^\\d{1,9}(\\.\\d{1,${decimals}})?$`);
    if (form.test(text) && Number(text) >= minimum && Number(text) <= maximum) {
      return Math.round(Number(text) * 10 ** decimals);
    }
    const detail = decimals === 0 ? "a whole number" : `a number with at most ${decimals} decimals`;
    return this.#problem(name, `Enter ${detail} from ${minimum} to ${maximum}.`, minimum);
  }

  /** A text that is not empty, of at most this many bytes. */
  text(name: string, mostBytes: number): string {
    const text = this.#text(name);
    if (text === "") return this.#problem(name, "This field must not be empty.", "");
    const bytes = new TextEncoder().encode(text).length;
    return bytes > mostBytes
      ? this.#problem(name, `It has ${bytes} bytes, and at most ${mostBytes} are possible.`, "")
      : text;
  }

  #text(name: string): string {
    return (this.values[name] ?? "").trim();
  }

  #problem<T>(name: string, sentence: string, standIn: T): T {
    this.#problems[name] = sentence;
    return standIn;
  }
}

/** What is wrong with an amount that the account can't pay. */
export function aboveBalance(balanceWei: bigint): string {
  return `You have only ${formatExactMdt(balanceWei)} MDT.`;
}
