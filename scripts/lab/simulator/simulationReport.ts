import { html } from "hono/html";
import { simulationTables, yearsText } from "./describeSimulation";
import { type SimulatedPolicy, type Simulation } from "./simulate";
import { YEAR_SECONDS } from "./years";
import { chartCard, type Markup, type Report, tableCard } from "../../show/report/htmlFile";
import { percentText } from "../../show/amounts";
import { type EpochFlows } from "./ledger";
import { type ChartData, type ChartSeries, colours, mdtNumber } from "../../show/charts/chartData";

/** A simulation as a report: what happens, the policies side by side, and how they got there. */
export function simulationReport(simulation: Simulation): Report {
  const { scenario, epochs, epochSeconds } = simulation;
  const charts = simulationCharts(simulation);
  const [total, ...tables] = simulationTables(simulation).map(({ title, heads, rows }) =>
    tableCard(title, heads, rows),
  );
  const body = html`<main class="page">
    <header class="report-head">
      <p class="muted">
        Simulation · network ${scenario.network} · ${epochs.toLocaleString("en")} epochs,
        ${yearsText(epochs, epochSeconds)} years · seed ${scenario.seed}
      </p>
      <h1>${scenario.name}</h1>
      <p>${scenario.description}</p>
    </header>
    ${total}
    <h2>Over the years</h2>
    <div class="grid">${charts.map((_chart, index) => chartCard(index))}</div>
    ${tables} ${shocksCard(simulation)}
    <p class="muted">
      Dashed: two schedules to compare with, which mint whatever happens and burn and recycle nothing; they are drawn
      once you tick them. Amounts are cut, never rounded up. The same scenario gives the same report.
    </p>
  </main>`;
  return { title: `${scenario.name}: simulated tokenomics`, body, charts };
}

function shocksCard({ scenario: { shocks }, epochSeconds }: Simulation): Markup | string {
  if (shocks.length === 0) return "";
  return tableCard(
    "What happens",
    ["Event", ">From year", ">To year", ">Tasks", ">Worth of work", ">Presence"],
    shocks.map(({ name, fromEpoch, epochs, tasksBps, skillBps, presentBps }) => [
      name,
      yearsText(fromEpoch, epochSeconds),
      yearsText(fromEpoch + epochs, epochSeconds),
      percentText(tasksBps),
      percentText(skillBps),
      percentText(presentBps),
    ]),
  );
}

/** The charts of a simulation. */
function simulationCharts(simulation: Simulation): readonly ChartData[] {
  const { policies } = simulation;
  const own = policies.filter(({ kind }) => kind === "policy");
  return [
    { ...overTime(simulation, "Supply", policies, ({ supplyWei }) => supplyWei), zoomed: true },
    byYear("Inflation", "%", policies, ({ inflationBps }) => (inflationBps === null ? null : inflationBps / 100)),
    overTime(simulation, "Emission of an epoch", policies, ({ emissionWei }) => emissionWei),
    byYear("Burned in a year", "MDT", own, ({ burnedWei }) => mdtNumber(burnedWei)),
    byYear("Recycled in a year", "MDT", own, ({ recycledWei }) => mdtNumber(recycledWei)),
    byYear("A median miner's income", "MDT", policies, ({ medianMinerWei }) => mdtNumber(medianMinerWei)),
    byYear("A median validator's income", "MDT", policies, ({ medianValidatorWei }) => mdtNumber(medianValidatorWei)),
    byYear("A median delegator's income", "MDT", policies, ({ medianDelegatorWei }) => mdtNumber(medianDelegatorWei)),
    {
      title: "Tasks completed in an epoch",
      xTitle: "Year",
      unit: "",
      xs: simulation.tasks.map(({ epoch }) => yearOf(epoch, simulation)),
      series: [{ name: "Tasks", kind: "area", values: simulation.tasks.map(({ completed }) => completed) }],
    },
  ];
}

function overTime(
  simulation: Simulation,
  title: string,
  policies: readonly SimulatedPolicy[],
  wei: (flows: EpochFlows) => bigint,
): ChartData {
  return {
    title,
    xTitle: "Year",
    unit: "MDT",
    selectable: true,
    xs: policies[0]!.points.map(({ epoch }) => yearOf(epoch, simulation)),
    series: linesOf(policies, ({ points }) => points.map(({ flows }) => mdtNumber(wei(flows)))),
  };
}

function byYear(
  title: string,
  unit: string,
  policies: readonly SimulatedPolicy[],
  value: (year: SimulatedPolicy["years"][number]) => number | null,
): ChartData {
  return {
    title,
    xTitle: "Year",
    unit,
    selectable: true,
    xs: policies[0]!.years.map(({ year }) => year),
    series: linesOf(policies, ({ years }) => years.map(value)),
  };
}

/**
 * A line for each policy. A line that coincides with an earlier one says so in its name, since it can't be seen. The
 * schedules to compare with are hidden at first, because beside what they mint all policies look the same.
 */
function linesOf(
  policies: readonly SimulatedPolicy[],
  valuesOf: (policy: SimulatedPolicy) => readonly (number | null)[],
): readonly ChartSeries[] {
  const lines = policies.map((policy) => ({ ...policy, values: valuesOf(policy) }));
  const references = lines.filter(({ kind }) => kind === "reference");
  return lines.map((line) => {
    const twin = lines.find(({ values }) => values.every((value, i) => value === line.values[i]))!;
    const name = twin === line ? line.name : `${line.name} (same as ${twin.name})`;
    const series = { name, kind: "line", values: line.values } as const;
    if (line.kind === "policy") return series;
    return { ...series, dashed: true, hidden: true, colour: referenceColours[references.indexOf(line)]! };
  });
}

/** Colours that differ from each other and from those of the policies: a scenario has at most four. */
const referenceColours = [colours.reference, colours.validators];

/** In years, rounded to two decimals for a chart's axis. */
function yearOf(epoch: number, { epochSeconds }: Simulation): number {
  return Math.round((epoch * epochSeconds * 100) / YEAR_SECONDS) / 100;
}
