/**
 * Puts small faults into sources and runs the tests that belong to them: `npm run mutants -- --of core --sample 200 --seed 1`.
 * A fault that no test notices has survived; the command fails if too many have.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import equivalents from "./equivalent.json";
import { Lane } from "./lane";
import { type Equivalent, isListed, type Mutant, mutated } from "./mutant";
import * as solidity from "./solidity";
import { testFinder } from "./testsOf";
import * as typescript from "./typescript";

/** A named scope: its folders, and how many of a hundred mutants tests must kill. */
const parts: Readonly<Record<string, { readonly files: RegExp; readonly threshold: number }>> = {
  core: { files: /^scripts\/(core|config|lab\/simulator)\//, threshold: 95 },
  contracts: { files: /^contracts\/(shared|staking|token|treasury|work)\//, threshold: 95 },
  rim: { files: /^scripts\/(chain|keeper|nodes|api)\//, threshold: 85 },
};

const { values, positionals } = parseArgs({
  options: {
    of: { type: "string", default: "core" },
    sample: { type: "string", default: "150" },
    seed: { type: "string", default: "1" },
    lanes: { type: "string", default: "2" },
  },
  allowPositionals: true,
});
const part = parts[values.of];
const isMeant = (file: string): boolean =>
  part?.files.test(file) ?? [values.of, ...positionals].some((start) => file.startsWith(start));

const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "scripts", "test", "contracts"]);
const files = String(listed).split("\n");
const sources = new Map(
  files
    .filter((file) => /\.(tsx?|sol)$/.test(file) && existsSync(file))
    .map((file) => [file, readFileSync(file, "utf8")]),
);
const testsOf = testFinder(sources);

/** The same for the same seed, also after changes elsewhere in the repository. */
const rank = ({ path, start, replacement }: Mutant): string =>
  createHash("sha256").update([values.seed, path, start, replacement].join(" ")).digest("hex");

const all = [...sources]
  .filter(([path]) => isMeant(path))
  .flatMap(([path, source]) => (path.endsWith(".sol") ? solidity : typescript).mutantsOf(path, source));
const left = all.sort((one, other) => (rank(one) < rank(other) ? -1 : 1)).slice(0, Number(values.sample));

const known: readonly Equivalent[] = equivalents;
for (const one of known)
  if (isMeant(one.path) && !all.some((mutant) => isListed(sources.get(mutant.path)!, mutant, one)))
    console.log(`equivalent.json names what is not there any more: ${one.path}: ${one.line}`);

const counts = { killed: 0, survived: 0, equivalent: 0, "not counted": 0 };

/** Tests that have been seen to pass without a mutant. */
const sound = new Set<string>();

async function judge(lane: Lane, mutant: Mutant): Promise<[verdict: keyof typeof counts, why: string]> {
  const source = sources.get(mutant.path)!;
  if (known.some((one) => isListed(source, mutant, one))) return ["equivalent", ""];
  const { pure, chain } = testsOf(mutant.path);
  try {
    if (!lane.write(mutant.path, mutated(source, mutant))) return ["not counted", "does not compile"];
    for (const tests of [pure, chain]) {
      const { test, message } = await lane.run(tests, tests === chain);
      if (test === undefined) continue;
      lane.write(mutant.path, source);
      if (!sound.has(test) && (await lane.run([test], tests === chain)).test !== undefined)
        return ["not counted", `${test} fails without the mutant`];
      sound.add(test);
      return ["killed", `${test}: ${message!}`];
    }
    for (const test of [...pure, ...chain]) sound.add(test);
    return ["survived", [...pure, ...chain].join(" ")];
  } finally {
    lane.write(mutant.path, source);
  }
}

const short = (text: string): string => text.replace(/\s+/g, " ").slice(0, 160);

async function work(): Promise<void> {
  const lane = new Lane();
  for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
    const began = Date.now();
    const [verdict, why] = await judge(lane, mutant);
    counts[verdict]++;
    const { path, line, rule, original, replacement } = mutant;
    const seconds = Math.round((Date.now() - began) / 1000);
    console.log(
      `${verdict} ${path}:${line} ${rule}: ${short(original)} -> ${short(replacement)} (${seconds} s) ${short(why)}`,
    );
  }
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
void Promise.all(Array.from({ length: Number(values.lanes) }, work)).then(() => {
  const percent = (100 * counts.killed) / Math.max(1, counts.killed + counts.survived);
  const threshold = part?.threshold ?? 95;
  const summary = Object.entries(counts).map(([verdict, count]) => `${count} ${verdict}`);
  console.log(`${summary.join(", ")}: ${percent.toFixed(1)} %, wanted ${threshold} %`);
  // A lane keeps its process for the next tests; leaving ends it.
  process.exit(percent >= threshold ? 0 : 1);
});
