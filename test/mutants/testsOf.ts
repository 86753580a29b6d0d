import { existsSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { spec } from "../coreTests.json";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- it has no types
const { lookupFiles } = require("mocha/lib/cli") as {
  lookupFiles: (pattern: string, extensions: string[]) => string[];
};

/** Maximum tests per source, because more find little: without a chain each takes a second or less, with one many. */
const PURE_TESTS = 10;
const CHAIN_TESTS = 3;

/** The tests that belong to a file, nearest first: those that need no chain, and those that do. */
export type Tests = { readonly pure: readonly string[]; readonly chain: readonly string[] };

/** By how many imports a test of a slow suite counts as further away. */
const burden = (test: string): number =>
  /^test\/(faults|network)\/|randomWalk/.test(test) ? 6 : /^test\/(long|lab)\//.test(test) ? 2 : 0;

/** The files of the repository that a file loads; an import of types only loads nothing. */
const importText =
  /(?:import|export)\s+(?!type\b|\{\s*(?:type [^,}]+,?\s*)+\}\s*from)[^;"]*?from\s+"(\.[^"]+)"|(?:import|require)\(\s*"(\.[^"]+)"|^import [^;]*?"(\.[^"]+\.sol)"/gm;
const importsOf = (file: string, source: string): string[] =>
  [...source.matchAll(importText)]
    .map((match) => normalize(join(dirname(file), match[1] ?? match[2] ?? match[3]!)))
    .flatMap((path) => [path, `${path}.ts`, `${path}.tsx`].filter((name) => /\.\w+$/.test(name) && existsSync(name)));

/** @param sources The text of each source and test by its path from the repository's root. */
export function testFinder(sources: ReadonlyMap<string, string>): (path: string) => Tests {
  const imports = new Map([...sources].map(([file, source]) => [file, importsOf(file, source)]));
  const pureTests = new Set(spec.flatMap((pattern) => lookupFiles(pattern, ["ts"])));
  const tests = [...sources.keys()].filter((file) => /^test\/(?!browser|measured|years).*\.test\.ts$/.test(file));
  // Commands run as processes of their own.
  imports.get("test/shared/commandLine.ts")!.push("scripts/cli.ts");
  // A test of a contract loads no source of it: it names it.
  for (const contract of [...sources.keys()].filter((file) => file.endsWith(".sol")))
    for (const [file, source] of sources)
      if (/^test\/(contracts|shared)\//.test(file) && new RegExp(`\\b${basename(contract, ".sol")}\\b`).test(source))
        imports.get(file)!.push(contract);

  const reaches = tests.map((test) => {
    const distances = new Map([[test, 0]]);
    for (const [file, distance] of distances)
      for (const next of imports.get(file) ?? []) if (!distances.has(next)) distances.set(next, distance + 1);
    return { test, distances };
  });

  return (path) => {
    const name = basename(path).replace(/\.\w+$/, "");
    const folder = dirname(path)
      .replace(/^scripts/, "test")
      .replace(/^contracts/, "test/contracts");
    /** A test named after the file comes first, then those of its folder, or that speak of it. */
    const nearness = ({ test, distances }: (typeof reaches)[number]): number =>
      distances.get(path)! +
      burden(test) -
      (sources.get(test)!.includes(name) ? 1 : 0) -
      (basename(test).toLowerCase().startsWith(`${name.toLowerCase()}.`)
        ? 3
        : dirname(test).startsWith(folder)
          ? 1
          : 0);
    const found = reaches
      .filter(
        ({ test, distances }) => distances.has(path) && (path.startsWith("scripts") || test.includes("contracts")),
      )
      .sort((one, other) => nearness(one) - nearness(other) || one.distances.size - other.distances.size)
      .map(({ test }) => test);
    const pure = found.filter((test) => pureTests.has(test)).slice(0, PURE_TESTS);
    // What computes without a chain is tested without one.
    const needsChain = pure.length === 0 || !/^scripts\/(core|config|lab)\//.test(path);
    const onChain = found.filter((test) => !pureTests.has(test));
    // The rules of one contract are in many files of tests, and all of them together are the rules.
    const chain = path.endsWith(".sol") ? onChain : onChain.slice(0, CHAIN_TESTS);
    return { pure, chain: needsChain ? chain : [] };
  };
}
