import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadNetworkConfig } from "../../../scripts/config/loadNetworkConfig";
import { dailyCostRows, readGasSnapshot } from "../../../scripts/lab/bench/gas/gasRows";
import { type BenchRow } from "../../../scripts/lab/bench/measure";

/** Recorded gas as rows of the benchmark, without peers' values. */
function recordedRows(): readonly BenchRow[] {
  return Object.entries(readGasSnapshot()).flatMap(([key, ours]) => {
    const [, name, size] = /^(.*) \((\d+)\)$/.exec(key) ?? [];
    if (name === undefined) return [];
    return [{ name, unit: "gas", size: Number(size), ours, target: null, peer: null, peerValue: null }];
  });
}

describe("The costs of a day", () => {
  it("are those stated in docs/parameters.md", () => {
    const rows = dailyCostRows(recordedRows(), loadNetworkConfig("reference"));
    const docs = readFileSync(join(__dirname, "../../../docs/parameters.md"), "utf8");
    const table = docs.slice(docs.indexOf("| a day of "));
    const documented = [...table.matchAll(/^\| (\S.*?) +\| +([\d,]+) \| +([\d.,]+) \| +([\d.,]+) \|$/gm)];
    const text = (value: number, digits: number): string =>
      value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    expect(documented.map(([, who, ...values]) => [who, ...values])).to.deep.equal(
      rows
        .filter(({ unit }) => unit === "gas")
        .map(({ name, ours }) => [
          name.replace("a day of ", ""),
          text(ours, 0),
          ...["rollup", "mainnet"].map((chain) => text(rows.find((row) => row.name === `${name}, ${chain}`)!.ours, 2)),
        ]),
    );
  });
});
