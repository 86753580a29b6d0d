import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  capText,
  describeSimulation,
  halvingsText,
  inflationText,
  yearsText,
} from "../../../scripts/lab/simulator/describeSimulation";
import { runScenario } from "../../../scripts/lab/simulator/runScenario";
import { perfect } from "./scenarios";

const daySeconds = 86_400;

describe("A simulation for people", () => {
  const directory = mkdtempSync(join(tmpdir(), "moderntensor-simulator-"));
  const file = join(directory, "scenario.json");

  before(() => {
    writeFileSync(file, JSON.stringify(perfect));
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  it("has the run, and a table of each kind with a line per policy", () => {
    const lines = describeSimulation(runScenario(file, 2)).split("\n");
    expect(lines.slice(0, 2)).to.deep.equal([
      'Perfect: 2 epochs (0.00 years) of the network "reference", seed 1',
      "Everything is as good as it can be.",
    ]);
    const fixed = lines.filter((line) => line.startsWith("Fixed")).map((line) => line.split(/\s{2,}/));
    expect(fixed[0]).to.deep.equal(["Fixed", "2,110,000", "10,000", "0", "0", "0", "0"]);
    expect(fixed[1]).to.deep.equal(["Fixed", "0.47"]);
    expect(fixed).to.have.length(4);
  });

  it("runs as many epochs as the scenario says unless another number is given", () => {
    expect(runScenario(file).epochs).to.equal(10);
  });

  it("shows four halvings, with a star if they lie beyond the run", () => {
    const halvings = [1, 2, 3, 4, 5].map((halving) => ({ halving, epoch: halving * 1_461, withinRun: halving < 2 }));
    expect(halvingsText([], 1_500, daySeconds)).to.equal("none");
    expect(halvingsText(halvings.slice(0, 2), 1_500, daySeconds)).to.equal("4.00, 8.00*");
    expect(halvingsText(halvings, 1_500, daySeconds)).to.equal("4.00, 8.00*, 12.00*, 16.00* …");
  });

  it("says when the cap is reached, or the most that can exist", () => {
    expect(capText({ kind: "reached", epoch: 1_461 }, 1_500, daySeconds)).to.equal("4.00");
    const never = { kind: "never", endEpoch: 14_610, mintedAtMostWei: 5n * 10n ** 18n } as const;
    expect(capText(never, 1_500, daySeconds)).to.equal(
      "never: the schedule ends after 40.00*, with at most 5 MDT minted",
    );
  });

  it("cuts years, and has a dash if there is no percentage", () => {
    expect(yearsText(365, daySeconds)).to.equal("0.99");
    expect([inflationText(1_234), inflationText(null)]).to.deep.equal(["12.34", "–"]);
  });
});
