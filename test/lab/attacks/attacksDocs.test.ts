import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatMdt } from "../../../scripts/show/amounts";
import { attacksOn, networksOf } from "../../../scripts/lab/attacks/stress";
import { type Row } from "../../../scripts/lab/attacks/attack";

const text = readFileSync(join(__dirname, "../../../docs/attacks.md"), "utf8");

/** Rows of the document's tables, by their cells. */
const cells = text
  .split("\n")
  .filter((line) => /^\| (?!attack |-)/.test(line))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** An attack that makes a profit, or harms beyond its cost: its bound says why that remains. */
const remains = ({ bound }: Row): boolean => !bound.startsWith("not in force") && /MDT: |MDT an epoch: /.test(bound);

describe("docs/attacks.md", () => {
  let rows: readonly Row[];

  before(() => {
    rows = attacksOn(networksOf("reference")[0]!);
  });

  it("describes each attack in a row of three cells, and no other", () => {
    const described = cells.filter((row) => row.length === 3).map(([attack]) => attack);
    expect(described).to.deep.equal([...new Set(rows.map(({ attack }) => attack))]);
  });

  it("lists the attacks that remain on reference, with the numbers that the command prints", () => {
    const stated = cells.filter((row) => row.length === 5);
    const expected = rows
      .filter(remains)
      .map(({ attack, setting, profitWei, harmWei, bound }) => [
        attack,
        setting,
        formatMdt(profitWei, 2),
        formatMdt(harmWei, 2),
        bound,
      ]);
    expect(stated).to.deep.equal(expected);
  });
});
