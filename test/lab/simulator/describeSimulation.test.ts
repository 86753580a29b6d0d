import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  capText,
  describeSimulation,
  halvingsText,
  inflationText,
  simulationJson,
  simulationTables,
  yearsText,
} from "../../../scripts/lab/simulator/describeSimulation";
import { type Simulation } from "../../../scripts/lab/simulator/simulate";
import { runScenario } from "../../../scripts/lab/simulator/runScenario";
import { adversary, perfect, run } from "./scenarios";

const daySeconds = 86_400;
const MDT = 10n ** 18n;

describe("A simulation's output", () => {
  const directory = mkdtempSync(join(tmpdir(), "moderntensor-simulator-"));
  const file = join(directory, "scenario.json");

  before(() => {
    writeFileSync(file, JSON.stringify(perfect));
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  it("begins with the run, and has tables with a line per policy", () => {
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

  it("covers as many epochs as the scenario says if no other number is given", () => {
    expect(runScenario(file).epochs).to.equal(10);
  });

  it("shows four halvings, with a star if they lie beyond the run", () => {
    const halvings = [1, 2, 3, 4, 5].map((halving) => ({ halving, epoch: halving * 1_461, withinRun: halving < 2 }));
    expect(halvingsText([], 1_500, daySeconds)).to.equal("none");
    expect(halvingsText(halvings.slice(0, 2), 1_500, daySeconds)).to.equal("4.00, 8.00*");
    expect(halvingsText(halvings.slice(0, 4), 1_461, daySeconds)).to.equal("4.00*, 8.00*, 12.00*, 16.00*");
    expect(halvingsText(halvings, 1_500, daySeconds)).to.equal("4.00, 8.00*, 12.00*, 16.00* …");
  });

  it("says when the cap is reached, or that it never is and the maximum minted", () => {
    expect(capText({ kind: "reached", epoch: 1_461 }, 1_500, daySeconds)).to.equal("4.00");
    const never = { kind: "never", endEpoch: 14_610, mintedAtMostWei: 5n * 10n ** 18n } as const;
    expect(capText(never, 1_500, daySeconds)).to.equal(
      "never: the schedule ends after 40.00*, with at most 5 MDT minted",
    );
  });

  it("truncates years, and has a dash if there is no percentage", () => {
    expect(yearsText(365, daySeconds)).to.equal("0.99");
    expect([inflationText(1_234), inflationText(null)]).to.deep.equal(["12.34", "–"]);
  });

  /** Two days of a network with an adversary on the second one. */
  const attacked: Simulation = run(
    { ...perfect, adversaries: [adversary("junkClient", { fromEpoch: 1, epochs: 1 })] },
    2,
  );

  it("has tables of the whole run, inflation, incomes, adversaries and milestones, in this order, with a row per policy", () => {
    const tables = simulationTables(attacked);
    expect(tables.map(({ rows }) => rows.map(([name]) => name))).to.deep.equal([
      ...[1, 2, 3].map(() => ["As configured", "Bittensor's schedule", "Fixed"]),
      ["As configured"],
      ["As configured", "Bittensor's schedule", "Fixed"],
    ]);
    for (const { heads, rows } of tables) for (const row of rows) expect(row).to.have.length(heads.length);
    const [total, inflation, incomes, attacks, milestones] = tables;
    expect(total!.rows[0]!.slice(1)).to.deep.equal(["2,081,120", "1,144", "1,144", "9,995", "20,023", "40,040"]);
    expect(inflation!.rows).to.deep.equal([
      ["As configured", "-0.89"],
      ["Bittensor's schedule", "–"],
      ["Fixed", "0.47"],
    ]);
    expect(incomes!.rows[2]).to.deep.equal(["Fixed", "1,000", "1,000", "941", "941", "0", "0"]);
    expect(attacks!.rows).to.deep.equal([
      ["As configured", "A junkClient", "junkClient", "0", "41", "0", "0", "-41", "6"],
    ]);
    expect(milestones!.rows[0]![1]).to.equal("4.00*, 8.00*, 12.00*, 16.00* …");
    expect(milestones!.rows[2]).to.deep.equal(["Fixed", "none", "7.99*"]);
    expect(simulationTables({ ...attacked, scenario: { ...attacked.scenario, adversaries: [] } })).to.have.length(4);
  });

  it("compares a policy's first year with its last", () => {
    const [first, last] = [0, 1].map((place) => ({
      ...attacked.policies[0]!.years[0]!,
      ...{ year: place + 1, medianMinerWei: MDT * BigInt(place + 1), medianValidatorWei: MDT * BigInt(place + 3) },
      medianDelegatorWei: MDT * BigInt(place + 5),
    }));
    const policies = [{ ...attacked.policies[0]!, years: [first!, last!] }];
    const [total, inflation, incomes] = simulationTables({ ...attacked, policies });
    expect(total!.rows[0]!.at(-1)).to.equal("80,080");
    expect(inflation!.heads).to.deep.equal(["policy", ">1", ">2"]);
    expect(incomes!.rows).to.deep.equal([["As configured", "1", "2", "3", "4", "5", "6"]]);
  });

  it("as JSON has the tables' data, and says which milestones lie within the run", () => {
    const { policies, ...rest } = simulationJson({ ...attacked, epochs: 1_462 });
    expect(rest).to.deep.equal({
      ...{ scenario: "Perfect", network: "reference", seed: 1, epochs: 1_462, epochSeconds: daySeconds },
    });
    expect(policies.map(({ name, kind, attacks }) => [name, kind, attacks.length])).to.deep.equal([
      ["As configured", "policy", 1],
      ["Bittensor's schedule", "reference", 0],
      ["Fixed", "reference", 0],
    ]);
    expect(policies[0]!.halvings.slice(0, 2)).to.deep.equal([
      { halving: 1, epoch: 1_461, withinRun: true },
      { halving: 2, epoch: 2_922, withinRun: false },
    ]);
    const { years, total, cap } = policies[2]!;
    expect([years[0]!.mintedWei, total.mintedWei]).to.deep.equal([10_000n * MDT, 10_000n * MDT]);
    expect(cap).to.deep.equal({ kind: "reached", epoch: 2_921, withinRun: false });
    const within = (epochs: number) => simulationJson({ ...attacked, epochs });
    expect(within(2_922).policies[2]!.cap).to.deep.equal({ kind: "reached", epoch: 2_921, withinRun: true });
    expect(within(2_921).policies[2]!.cap).to.deep.equal({ kind: "reached", epoch: 2_921, withinRun: false });
    expect(within(1_461).policies[0]!.halvings[0]).to.deep.equal({ halving: 1, epoch: 1_461, withinRun: false });
    expect(policies[0]!.cap).to.equal(attacked.policies[0]!.milestones.cap);
  });
});
