import { type Address } from "viem";
import { z } from "zod";
import { addressProblem } from "./address";

/** A value that was refused: where it is (empty for the whole), and what is wrong with it, as one sentence. */
export class RefusedInputError extends Error {
  constructor(
    readonly field: string,
    readonly problem: string,
  ) {
    super(`${field === "" ? "The input" : `The field ${field}`} ${problem}.`);
    this.name = "RefusedInputError";
  }
}

/**
 * Reads a parsed JSON value by a strict schema, whose own messages complete the sentence "The field … <message>".
 *
 * @param at where the value stands in its file, put in front of the names of fields.
 * @throws RefusedInputError naming the first field that is unknown, else the first that is missing and all others that are, else
 * the first that is wrong.
 */
export function readStrict<T>(schema: z.ZodType<T>, value: unknown, at: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const { issues } = read.error;
  const unknown = issues.find((issue) => issue.code === "unrecognized_keys");
  if (unknown !== undefined)
    throw new RefusedInputError(fieldName(at, [...unknown.path, unknown.keys[0]!]), "is unknown");
  const { path, message } = issues[0]!;
  if (valueAt(value, path) !== undefined) throw new RefusedInputError(fieldName(at, path), message);
  const missing = issues.filter((issue) => valueAt(value, issue.path) === undefined);
  const [first, ...others] = missing.map((issue) => fieldName(at, issue.path)) as [string, ...string[]];
  const too = others.length === 0 ? "" : `, and so ${others.length === 1 ? "is" : "are"} ${others.join(", ")}`;
  throw new RefusedInputError(first, `is missing${too}`);
}

/** `miners[0].account`, as one would write it in JavaScript. */
export function fieldName(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => {
    if (typeof key === "number") return `${name}[${key}]`;
    return name === "" ? String(key) : `${name}.${String(key)}`;
  }, at);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inside, key) => (inside as Readonly<Record<PropertyKey, unknown>>)[key], value);
}

/** A whole number within bounds, both included, as a JSON number. */
export function wholeNumber(from: number, to: number): z.ZodType<number> {
  const error = `must be a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

/** A whole number from zero to a bound, included, as a decimal string without leading zeros; read as bigint. */
export function decimalString(to: bigint, described: string): z.ZodType<bigint> {
  const error = `must be a decimal string of digits from "0" to ${described}`;
  const digits = String(to).length;
  return z
    .string({ error })
    .regex(/^(0|[1-9]\d*)$/, { error })
    .refine((text) => text.length < digits || (text.length === digits && BigInt(text) <= to), { error })
    .transform(BigInt);
}

/** An address as somebody writes it, in one case or with a right checksum. */
export const writtenAddress = z
  .string("must be an address of 0x and 40 hexadecimal digits")
  .superRefine((text, context) => {
    const problem = addressProblem(text);
    if (problem !== undefined) context.addIssue(problem);
  });

/** An account in its one spelling: letter case carries no meaning. */
export function lowerCase(account: Address): Address {
  return account.toLowerCase() as Address;
}
