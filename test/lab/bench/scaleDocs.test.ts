import { expect } from "chai";
import { readFileSync } from "node:fs";
import { type BenchRow } from "../../../scripts/lab/bench/benchRow";
import { BLOCK_GAS, capacityRows } from "../../../scripts/lab/bench/capacity";
import { readGasSnapshot } from "../../../scripts/lab/bench/gasSnapshot";

const gas = readGasSnapshot();

/** The recorded gas as the rows that it was recorded from. */
const recorded = Object.entries(gas).flatMap(([key, ours]): BenchRow[] => {
  const [, name, size] = /^(.*) \((\d+)\)$/.exec(key) ?? [];
  if (name === undefined) return [];
  return [{ name, unit: "gas", size: Number(size), ours, target: null, peer: null, peerValue: null }];
});
const capacity = new Map(capacityRows(recorded).map(({ name, ours }) => [name, ours]));

/** Without the links, whose numbers are names. */
const text = readFileSync("docs/scale.md", "utf8").replaceAll(/\[[^\]]*\]\([^)]*\)/g, "");
const between = (from: string, to: string) => text.slice(text.indexOf(from), text.indexOf(to));
const chain = between("## What the chain carries", "## What the keeper's machine carries");
const stops = between("\n| settling", "\n| scoring");
const numbers = (line: string) =>
  [...line.matchAll(/\d+(?:,\d{3})*/g)].map(([digits]) => Number(digits.replaceAll(",", "")));

describe("What the docs say that a chain carries", () => {
  it("is the recorded gas, or per account what many cost together", () => {
    const perAccount = ["repeated", "first time"].map((when) =>
      Math.round(gas[`settle and pay everybody, ${when} (250)`]! / 250),
    );
    const sizes = [16_384, 1_048_576, 1_000, 4_096];
    const known = new Set([...Object.values(gas), ...perAccount, ...sizes, ...capacity.values()]);
    const large = numbers(chain + stops).filter((number) => number >= 1_000);
    expect(large).to.have.length.greaterThan(25);
    expect(large.filter((number) => !known.has(number))).to.deep.equal([]);
  });

  for (const [chainName, limit] of Object.entries(BLOCK_GAS)) {
    it(`is what fits into a block: ${chainName}`, () => {
      const [calculated = ""] = chain.split("| in one real block");
      const line = calculated.split("\n").find((row) => row.startsWith(`| ${chainName} `)) ?? "";
      const fits = ["single claims", "accounts paid by claimMany", "settlements"].map((what) =>
        capacity.get(`${what} in a block: ${chainName}`),
      );
      expect(numbers(line)).to.deep.equal([limit / 1e6, ...fits]);
    });
  }

  for (const [node, limit] of [
    ["Hardhat's node", 60_000_000],
    ["anvil", 30_000_000],
  ] as const) {
    it(`is what was in a block that was full: ${node}`, () => {
      const [, filled = ""] = chain.split("| in one real block");
      const line = filled.split("\n").find((row) => row.startsWith(`| ${node}`)) ?? "";
      const held = ["single claims", "accounts paid by claimMany", "settlements"].map(
        (what) => gas[`${what} in a full block: ${node} (${limit})`],
      );
      expect(numbers(line)).to.deep.equal([limit / 1e6, ...held]);
    });
  }
});
