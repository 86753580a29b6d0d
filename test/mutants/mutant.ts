/** One small fault that can be put into a source file, to see whether a test notices it. */
export type Mutant = {
  /** The source file, from the repository's root: "scripts/core/utility.ts". */
  path: string;
  /** The line on which the changed text starts; the first is 1. */
  line: number;
  /** The text that changes: `source.slice(start, end) === original`, in UTF-16 units. */
  start: number;
  end: number;
  original: string;
  /** What stands there instead; empty where something is removed. */
  replacement: string;
  /** What kind of fault it is, in a few words: "bound", "removed statement". */
  rule: string;
};

/** @returns the source with the fault in it. */
export const mutated = (source: string, { start, end, replacement }: Mutant): string =>
  source.slice(0, start) + replacement + source.slice(end);

/** A mutant that no test can kill, because nothing that anyone sees changes; listed in equivalent.json. */
export type Equivalent = {
  path: string;
  /** The text of the line on which the change starts, without white space around it. */
  line: string;
  /** What stands before the change on its line, where the same change is possible in several places. */
  after?: string;
  original: string;
  replacement: string;
  /** Why nothing changes. */
  reason: string;
};

/** @returns whether a listed equivalent is this mutant of the source. */
export function isListed(
  source: string,
  mutant: Mutant,
  { path, line, after, original, replacement }: Equivalent,
): boolean {
  const lineStart = source.lastIndexOf("\n", mutant.start - 1) + 1;
  const before = source.slice(lineStart, mutant.start).trimStart();
  return (
    path === mutant.path &&
    line === source.split("\n")[mutant.line - 1]!.trim() &&
    (after === undefined || after === before) &&
    original === mutant.original &&
    replacement === mutant.replacement
  );
}
