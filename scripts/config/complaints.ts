/** What is wrong with the fields of a configuration, each with a value that would do where there is one. */
import { type z } from "zod";
import reference from "./reference.json";

/** What only a network itself can know: no other network's would do. */
const itsOwn: ReadonlySet<PropertyKey> = new Set(["chain", "dao"]);

/** One sentence for each field that is missing, unknown or wrong. @param json The file. */
export function complaintsAbout(json: unknown, issues: readonly z.core.$ZodIssue[]): readonly string[] {
  return issues.flatMap((issue) => {
    const { path } = issue;
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${nameOf([...path, key])}: is unknown.`);
    if (valueAt(json, path) === undefined) return missingAt(path, valueAt(reference, path));
    return [`${nameOf(path)}: ${issue.message}.${wouldDo(path, boundOf(issue))}`];
  });
}

/** What the schema's own words leave unsaid, as the end of the sentence "The field …". */
export function wordingOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type") return `must be ${nouns[issue.expected] ?? issue.expected}`;
  if (issue.code !== "too_small" && issue.code !== "too_big") return undefined;
  if (issue.code === "too_big") return `must be at most ${issue.maximum}`;
  if (issue.origin === "array" || issue.origin === "string") return "must not be empty";
  return issue.inclusive === true ? `must be at least ${issue.minimum}` : `must be above ${issue.minimum}`;
}

const nouns: Readonly<Record<string, string>> = {
  array: "a list",
  int: "a whole number",
  number: "a number",
  object: "an object",
  string: "a text in quotes",
};

/** A section that is missing is reported field by field. */
function missingAt(path: readonly PropertyKey[], example: unknown): readonly string[] {
  if (typeof example === "object" && example !== null && !Array.isArray(example)) {
    return Object.entries(example).flatMap(([key, inside]) => missingAt([...path, key], inside));
  }
  return [`${nameOf(path)}: is missing.${wouldDo(path, example)}`];
}

function boundOf(issue: z.core.$ZodIssue): unknown {
  if (issue.code === "too_big") return issue.maximum;
  if (issue.code === "too_small" && issue.inclusive === true && issue.origin !== "array") return issue.minimum;
  return issue.code === "invalid_type" || issue.code === "too_small" ? valueAt(reference, issue.path) : undefined;
}

function wouldDo(path: readonly PropertyKey[], value: unknown): string {
  const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "bigint";
  return isPlain && !itsOwn.has(path[0]!) ? ` ${typeof value === "string" ? `"${value}"` : value} would do.` : "";
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.join(".") || "the file";
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) => (inside as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key],
    json,
  );
}
