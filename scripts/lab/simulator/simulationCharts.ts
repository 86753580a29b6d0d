import { type EpochFlows } from "./books";
import { YEAR_SECONDS } from "./recorder";
import { type SimulatedPolicy, type Simulation } from "./simulate";
import { type ChartData, type ChartSeries, mdtNumber } from "../../show/charts/chartData";

/** What a simulation is looked at by. */
export function simulationCharts(simulation: Simulation): readonly ChartData[] {
  const { policies } = simulation;
  const own = policies.filter(({ kind }) => kind === "policy");
  return [
    overTime(simulation, "Supply", policies, ({ supplyWei }) => supplyWei),
    byYear("Inflation", "%", policies, ({ inflationBps }) => (inflationBps === null ? null : inflationBps / 100)),
    overTime(simulation, "Emission of an epoch", policies, ({ emissionWei }) => emissionWei),
    byYear("Burned in a year", "MDT", own, ({ burnedWei }) => mdtNumber(burnedWei)),
    byYear("Recycled in a year", "MDT", own, ({ recycledWei }) => mdtNumber(recycledWei)),
    byYear("A median miner's income", "MDT", policies, ({ medianMinerWei }) => mdtNumber(medianMinerWei)),
    byYear("A median validator's income", "MDT", policies, ({ medianValidatorWei }) => mdtNumber(medianValidatorWei)),
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
    xs: policies[0]!.points.map(({ epoch }) => yearOf(epoch, simulation)),
    series: policies.map((policy) =>
      lineOf(
        policy,
        policy.points.map(({ flows }) => mdtNumber(wei(flows))),
      ),
    ),
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
    xs: policies[0]!.years.map(({ year }) => year),
    series: policies.map((policy) => lineOf(policy, policy.years.map(value))),
  };
}

function lineOf({ name, kind }: SimulatedPolicy, values: readonly (number | null)[]): ChartSeries {
  return { name, kind: "line", values, dashed: kind === "reference" };
}

/** To two digits, since it stands beside a chart. */
function yearOf(epoch: number, { epochSeconds }: Simulation): number {
  return Math.round((epoch * epochSeconds * 100) / YEAR_SECONDS) / 100;
}
