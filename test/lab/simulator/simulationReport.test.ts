import { expect } from "chai";
import { html } from "hono/html";
import { type Simulation } from "../../../scripts/lab/simulator/simulate";
import { simulationReport } from "../../../scripts/lab/simulator/simulationReport";
import { colours } from "../../../scripts/show/charts/chartData";
import { perfect, run } from "./scenarios";

const daySeconds = 86_400;

/** Two policies that differ only in what they burn, and a twin of the first, for two days. */
const simulation = run(
  {
    ...perfect,
    policies: [{ name: "First" }, { name: "Frugal", changes: { tasks: { feeBurnBps: 0 } } }, { name: "Twin" }],
    shocks: [{ name: "A crash", fromEpoch: 731, epochs: 365, tasksBps: 5_000, skillBps: 7_500, presentBps: 9_025 }],
  },
  2,
);
const chartsOf = (simulated: Simulation) =>
  new Map(simulationReport(simulated).charts.map((chart) => [chart.title, chart]));
const bodyOf = async (simulated: Simulation) => String(await html`${simulationReport(simulated).body}`);

describe("The report of a simulation", () => {
  const charts = chartsOf(simulation);

  it("has a chart of each kind, with dashed lines in colours of their own for the reference schedules", () => {
    expect([...charts.keys()]).to.deep.equal([
      "Supply",
      "Inflation",
      "Emission of an epoch",
      "Burned in a year",
      "Recycled in a year",
      "A median miner's income",
      "A median validator's income",
      "A median delegator's income",
      "Tasks completed in an epoch",
    ]);
    const { series, zoomed, selectable, unit, xTitle } = charts.get("Supply")!;
    expect({ zoomed, selectable, unit, xTitle }).to.deep.equal({
      ...{ zoomed: true, selectable: true, unit: "MDT", xTitle: "Year" },
    });
    const bittensor = { name: "Bittensor's schedule", kind: "line", values: [7_200, 14_400] };
    const fixed = { name: "Fixed", kind: "line", values: [2_105_000, 2_110_000] };
    const reference = { dashed: true, hidden: true };
    // 572 MDT of block rewards a day; half of 20,000 MDT of fees is burned, or nothing.
    expect(series).to.deep.equal([
      { name: "First", kind: "line", values: [2_090_572, 2_081_144] },
      { name: "Frugal", kind: "line", values: [2_100_572, 2_101_144] },
      { name: "Twin (same as First)", kind: "line", values: [2_090_572, 2_081_144] },
      { ...bittensor, ...reference, colour: colours.reference },
      { ...fixed, ...reference, colour: colours.validators },
    ]);
  });

  it("shows burned and recycled amounts for policies only, without reference schedules", () => {
    for (const [title, values] of [
      ["Burned in a year", [20_000, 0, 20_000]],
      ["Recycled in a year", [10_000, 10_000, 10_000]],
    ] as const) {
      const { series, xs, unit, selectable } = charts.get(title)!;
      expect(series.map((line) => line.values)).to.deep.equal(values.map((value) => [value]));
      expect(series.some(({ dashed }) => dashed)).to.equal(false);
      expect({ xs, unit, selectable }).to.deep.equal({ xs: [1], unit: "MDT", selectable: true });
    }
  });

  it("has inflation in percent, and a gap for a schedule that began with zero supply", () => {
    const { series, unit } = charts.get("Inflation")!;
    expect([unit, series.map(({ values }) => values)]).to.deep.equal(["%", [[-0.89], [0.05], [-0.89], [null], [0.47]]]);
  });

  it("has incomes in MDT, and tasks as an area", () => {
    const income = (title: string) => charts.get(title)!.series.map(({ values }) => Math.trunc(values[0]!));
    expect(income("A median miner's income")).to.deep.equal([1_000, 1_000, 1_000, 1_476, 1_000]);
    // Of 40 % (41 %) 8 of 34 parts, and 67 of 288 slots.
    expect(income("A median validator's income")).to.deep.equal([1_209, 1_209, 1_209, 1_389, 941]);
    expect(income("A median delegator's income")).to.deep.equal([0, 0, 0, 0, 0]);
    expect(charts.get("Emission of an epoch")!.series[0]!.values).to.deep.equal([5_000, 5_000]);
    const { series, unit } = charts.get("Tasks completed in an epoch")!;
    expect([unit, series]).to.deep.equal(["", [{ name: "Tasks", kind: "area", values: [10_000, 10_000] }]]);
  });

  it("has years with two decimals on the x axis", () => {
    const [points] = simulation.policies.map((policy) => policy.points);
    const later = { ...simulation, tasks: [0, 2, 183, 365, 1_461].map((epoch) => ({ epoch, completed: 1 })) };
    const { xs } = chartsOf(later).get("Tasks completed in an epoch")!;
    expect(xs).to.deep.equal([0, 0.01, 0.5, 1, 4]);
    expect([points!.map(({ epoch }) => epoch), charts.get("Supply")!.xs]).to.deep.equal([
      [0, 1],
      [0, 0],
    ]);
  });

  it("lists each shock with its time and its factors, and has no list without shocks", async () => {
    const cells = [...(await bodyOf(simulation)).matchAll(/>([^<>]+)<\/(?:th|span)>/g)].map(([, text]) => text!);
    const start = cells.indexOf("A crash");
    expect(cells.slice(start, start + 6)).to.deep.equal(["A crash", "2.00", "3.00", "50 %", "75 %", "90.25 %"]);
    expect(await bodyOf({ ...simulation, scenario: { ...simulation.scenario, shocks: [] } })).not.to.contain(
      "What happens",
    );
  });

  it("begins with the scenario, and has every chart and the tables in their order", async () => {
    const { title } = simulationReport(simulation);
    const body = await bodyOf({ ...simulation, epochs: 1_461, epochSeconds: daySeconds });
    expect(title).to.equal("Perfect: simulated tokenomics");
    expect(body.replace(/\s+/g, " ")).to.contain(
      "Simulation · network reference · 1,461 epochs, 4.00 years · seed 1 </p> <h1>Perfect</h1> <p>Everything is as good as it can be.</p>",
    );
    expect([...body.matchAll(/data-chart="(\d)"/g)].map(([, place]) => Number(place))).to.deep.equal([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    const order = ["The whole run", "Over the years", "Inflation of each year", "What happens"].map((text) =>
      body.indexOf(text),
    );
    expect(order).to.deep.equal([...order].sort((one, other) => one - other));
  });
});
