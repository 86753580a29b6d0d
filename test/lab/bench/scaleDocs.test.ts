import { expect } from "chai";
import { readFileSync } from "node:fs";
import { readGasSnapshot } from "../../../scripts/lab/bench/gas/gasRows";

const gas = readGasSnapshot();

/** The document without its links, in which numbers are names. */
const text = readFileSync("docs/scale.md", "utf8").replaceAll(/\[[^\]]*\]\([^)]*\)/g, "");
const between = (from: string, to: string) => text.slice(text.indexOf(from), text.indexOf(to));
const chain = between("## What the chain carries", "## What the keeper's machine carries");
const stops = between("\n| settling", "\n| scoring");
const numbers = (line: string) =>
  [...line.matchAll(/\d+(?:,\d{3})*/g)].map(([digits]) => Number(digits.replaceAll(",", "")));

const gasOf = (key: string): number => {
  expect(gas, "the recorded gas").to.have.property(key);
  return gas[key]!;
};
const paying = (when: string, accounts: number) => gasOf(`settle and pay everyone, ${when} (${accounts})`);
const claimMany = (when: string) => gasOf(`claimMany of 2^14 leaves, ${when}, per account (250)`);

describe("A chain's capacity according to the docs", () => {
  const inBlock = [gasOf("claim, repeated (16384)"), claimMany("repeated"), gasOf("settle: steady state (1)")].map(
    (each) => Math.floor(60_000_000 / each),
  );

  it("derives every number of 1,000 or more from the recorded gas", () => {
    const perAccount = ["repeated", "first time"].map((when) => Math.round(paying(when, 250) / 250));
    const sizes = [16_384, 1_048_576, 1_000, 4_096];
    const known = new Set([...Object.values(gas), ...perAccount, ...sizes, ...inBlock]);
    const large = numbers(chain + stops).filter((number) => number >= 1_000);
    expect(large).to.have.length.greaterThan(20);
    expect(large.filter((number) => !known.has(number))).to.deep.equal([]);
  });

  it("is what fits into a block of 60 million gas and a transaction of 2^24 gas", () => {
    const [claims, accounts, settlements] = inBlock.map((count) => count.toLocaleString("en"));
    const line = chain.replaceAll(/\s+/g, " ");
    expect(line).to.contain(`${claims!} repeated claims`);
    expect(line).to.contain(`${accounts!} accounts by \`claimMany\`, or ${settlements!} settlements`);
    const most = paying("first time", 250);
    const each = (most - paying("first time", 100)) / 150;
    expect(line).to.contain(`can pay ${Math.floor(250 + (2 ** 24 - most) / each)} accounts`);
    expect(line).to.contain(`\`claimMany\` ${Math.floor(2 ** 24 / claimMany("first time"))} (first time)`);
  });
});

describe("A chain's capacity for tasks according to the docs", () => {
  it("follows from the recorded gas", () => {
    const of = (how: string) => gasOf(`task: submit, ${how}`) + gasOf(`task: complete, ${how}`);
    const alone = of("another one (1)");
    const together = of("each of several in one transaction (10)");
    const line = between("## How many tasks a second", "## What proofs cost").replaceAll(/\s+/g, " ");
    const count = (gasLimit: number, each: number) => Math.floor(gasLimit / each).toLocaleString("en");
    const millions = (tasks: number) => Math.round((tasks * together) / 1e6);
    for (const sentence of [
      `takes ${alone.toLocaleString("en")} gas in two transactions of its own, and ${together.toLocaleString("en")} if`,
      `holds ${count(30e6, alone)} and ${count(30e6, together)} of them`,
      `at twelve seconds a block ${Math.round(30e6 / alone / 12)} and ${Math.round(30e6 / together / 12)} tasks a second`,
      `10 million gas a second carries ${count(10e6, together)} tasks a second, one with 100 million ${count(100e6, together)}`,
      `the claim needs ${millions(1_000)} to ${millions(5_000)} million`,
    ]) {
      expect(line).to.contain(sentence);
    }
  });

  it("includes the recorded gas of proofs", () => {
    const line = between("## What proofs cost", "## How it is with age").replaceAll(/\s+/g, " ");
    const [verifies, completes] = ["verify the proof of a digit (1)", "complete a digit with its proof (1)"].map(
      (how) => gasOf(`task: ${how}`),
    );
    expect(line).to.contain(`takes ${verifies!.toLocaleString("en")} gas in a transaction of its own`);
    expect(line).to.contain(`completing the task with it ${completes!.toLocaleString("en")} (`);
    expect(line).to.contain(`carries ${Math.floor(30e6 / completes!)} such completions`);
    expect(readFileSync("docs/proving.md", "utf8")).to.match(
      new RegExp(
        `verifying it.*${verifies!.toLocaleString("en")}[^]*completing its.*${completes!.toLocaleString("en")}`,
      ),
    );
  });
});
