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
 * @param at where the value is in its file; put before the names of fields.
 * @throws RefusedInputError naming the first unknown field; else the first with a problem and, if that one is missing,
 * all others that are missing.
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
function fieldName(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => {
    if (typeof key === "number") return `${name}[${key}]`;
    return name === "" ? String(key) : `${name}.${String(key)}`;
  }, at);
}

/** The value at a path in a parsed JSON value; undefined if there is none. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) => (inside as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key],
    value,
  );
}

/** A whole number within bounds, both included, as a JSON number. */
export function wholeNumber(from: number, to: number): z.ZodType<number> {
  const error = `must be a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

/** A whole number from zero to a bound, inclusive, as a decimal string without leading zeros; read as bigint. */
export function decimalString(to: bigint, described: string): z.ZodType<bigint> {
  const error = `must be a decimal string of digits from "0" to ${described}`;
  const digits = String(to).length;
  return z
    .string({ error })
    .regex(/^(0|[1-9]\d*)$/, { error })
    .refine((text) => text.length < digits || (text.length === digits && BigInt(text) <= to), { error })
    .transform(BigInt);
}

/** An address as people write it, in one letter case or with a correct checksum. */
export const writtenAddress = z
  .string("must be an address: 0x and 40 hexadecimal digits")
  .superRefine((text, context) => {
    const problem = addressProblem(text);
    if (problem !== undefined) context.addIssue(problem);
  });

/** The problem with a field that an object has more than once. */
export const givenTwice = "is given twice";

/**
 * The value of a JSON text, which may begin with a byte order mark. A field that an object gives twice is refused,
 * because two readers may read such a text differently: one takes the first value, another the last.
 * @throws SyntaxError if it is not JSON; RefusedInputError naming the first field that is given twice.
 */
export function parseJson(text: string): unknown {
  const json = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const value: unknown = JSON.parse(json);
  const repeated = repeatedField(json);
  if (repeated !== undefined) throw new RefusedInputError(shown(repeated), givenTwice);
  return value;
}

/** A field's name, cut to its end if it is long: it may be as long as the whole text. */
function shown(field: string): string {
  return field.length <= LONGEST_SHOWN ? field || '""' : `…${field.slice(-LONGEST_SHOWN)}`;
}

const LONGEST_SHOWN = 100;

const QUOTE = 0x22;
const COMMA = 0x2c;
const LIST_START = 0x5b;
const BACKSLASH = 0x5c;
const LIST_END = 0x5d;
const OBJECT_START = 0x7b;
const OBJECT_END = 0x7d;

/** An object or a list around the scan's position. */
interface Container {
  /** The names that an object has given so far; null for a list. */
  readonly names: Set<string> | null;
  /** The name or the index at which the scan is in it. */
  at: string | number;
}

/** Scans valid JSON once, without recursion, so the depth of nesting doesn't matter. */
function repeatedField(json: string): string | undefined {
  const around: Container[] = [];
  let inside: Container | undefined;
  let isNameNext = false;
  for (let i = 0; i < json.length; i++) {
    const mark = json.charCodeAt(i);
    if (mark === QUOTE) {
      const end = endOfText(json, i);
      if (isNameNext && inside!.names !== null) {
        const name = nameIn(json.slice(i, end + 1));
        inside!.at = name;
        if (inside!.names.has(name)) return around.reduce((path, { at }) => fieldName(path, [at]), "");
        inside!.names.add(name);
        isNameNext = false;
      }
      i = end;
    } else if (mark === COMMA) {
      isNameNext = inside!.names !== null;
      if (typeof inside!.at === "number") inside!.at++;
    } else if (mark === OBJECT_START || mark === LIST_START) {
      isNameNext = mark === OBJECT_START;
      inside = { names: isNameNext ? new Set() : null, at: isNameNext ? "" : 0 };
      around.push(inside);
    } else if (mark === OBJECT_END || mark === LIST_END) {
      around.pop();
      inside = around[around.length - 1];
    }
  }
  return undefined;
}

/** The index of the closing quote of the text that begins with the quote at `start`. */
function endOfText(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end;
}

/** Whether an odd number of backslashes stands before a character. */
function isEscaped(json: string, index: number): boolean {
  let before = index;
  while (json.charCodeAt(before - 1) === BACKSLASH) before--;
  return (index - before) % 2 === 1;
}

/** Two spellings of a name are one name: `"a"` and `"\u0061"`. */
function nameIn(quoted: string): string {
  return quoted.includes("\\") ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}
