import { formatMdt } from "../../show/amounts";
import { renderTable } from "../../show/table";
import { type CapReached, type Halving, type Milestones } from "./policyRun";
import { totalsOf, YEAR_SECONDS } from "./years";
import { type SimulatedPolicy, type Simulation } from "./simulate";

/** Halvings that are shown; there are dozens, of ever smaller rewards. */
const SHOWN_HALVINGS = 4;

/** A simulation as tables for people: amounts in whole MDT, cut. */
export function describeSimulation(simulation: Simulation): string {
  const { scenario, epochs, epochSeconds } = simulation;
  const tables = simulationTables(simulation);
  return [
    `${scenario.name}: ${epochs.toLocaleString("en")} epochs (${yearsText(epochs, epochSeconds)} years) of the network "${scenario.network}", seed ${scenario.seed}`,
    scenario.description,
    ...tables.flatMap(({ title, heads, rows }) => ["", title, renderTable(heads, rows)]),
  ].join("\n");
}

/** A table of a simulation; a head that starts with ">" is aligned to the right. */
interface SimulationTable {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The tables of a simulation in text and report, the whole run first. */
export function simulationTables({ scenario, policies, epochs, epochSeconds }: Simulation): readonly SimulationTable[] {
  return [
    {
      title: "The whole run (MDT)",
      heads: ["policy", ">supply at the end", ">minted", ">of it block rewards", ">recycled", ">burned", ">fees paid"],
      rows: policies.map(({ name, years }) => {
        const { supplyWei, mintedWei, blockRewardsWei, recycledWei, burnedWei, taskFeesWei } = totalsOf(years);
        return [name, ...wholeMdt([supplyWei, mintedWei, blockRewardsWei, recycledWei, burnedWei, taskFeesWei])];
      }),
    },
    {
      title: "Inflation of each year (%)",
      heads: ["policy", ...policies[0]!.years.map(({ year }) => `>${year}`)],
      rows: policies.map(({ name, years }) => [name, ...years.map(({ inflationBps }) => inflationText(inflationBps))]),
    },
    {
      title: "Income in a year (MDT)",
      heads: [
        "policy",
        ">median miner: first year",
        ">last",
        ">validator: first",
        ">last",
        ">delegator: first",
        ">last",
      ],
      rows: policies.map(({ name, years }) => {
        const [first, last] = [years[0]!, years.at(-1)!];
        const medians = ["medianMinerWei", "medianValidatorWei", "medianDelegatorWei"] as const;
        return [name, ...wholeMdt(medians.flatMap((median) => [first[median], last[median]]))];
      }),
    },
    ...(scenario.adversaries.length === 0 ? [] : [attacksTable(policies)]),
    {
      title: "Years to each halving and to the cap (* beyond the run, by the schedule)",
      heads: ["policy", "halvings", "cap"],
      rows: policies.map(({ name, milestones: { halvings, cap } }) => [
        name,
        halvingsText(halvings, epochs, epochSeconds),
        capText(cap, epochs, epochSeconds),
      ]),
    },
  ];
}

function attacksTable(policies: readonly SimulatedPolicy[]): SimulationTable {
  return {
    title:
      "What adversaries spent, earned and did to others while they acted (MDT; gained: earned, without what was spent and what honest stake earns)",
    heads: [
      "policy",
      "adversary",
      "kind",
      ">stake",
      ">spent",
      ">earned",
      ">honest stake earns",
      ">gained",
      ">others lost",
    ],
    rows: policies.flatMap(({ name: policy, attacks }) =>
      attacks.map(({ name, kind, stakeWei, spentWei, earnedWei, honestWei, gainWei, othersLostWei }) => [
        ...[policy, name, kind],
        ...wholeMdt([stakeWei, spentWei, earnedWei, honestWei, gainWei, othersLostWei]),
      ]),
    ),
  };
}

function wholeMdt(amounts: readonly bigint[]): readonly string[] {
  return amounts.map((wei) => formatMdt(wei, 0));
}

/** "4.00, 8.00, 12.00*, 16.00* …": the first ones, those beyond the run with a star. */
export function halvingsText(halvings: readonly Halving[], epochs: number, epochSeconds: number): string {
  if (halvings.length === 0) return "none";
  const shown = halvings.slice(0, SHOWN_HALVINGS).map(({ epoch }) => starred(epoch, epochs, epochSeconds));
  return shown.join(", ") + (halvings.length > SHOWN_HALVINGS ? " …" : "");
}

/** When the cap is reached, or that it never is, and the most that can be minted. */
export function capText(cap: CapReached, epochs: number, epochSeconds: number): string {
  if (cap.kind === "reached") return starred(cap.epoch, epochs, epochSeconds);
  return `never: the schedule ends after ${starred(cap.endEpoch, epochs, epochSeconds)}, with at most ${formatMdt(cap.mintedAtMostWei, 0)} MDT minted`;
}

function starred(epoch: number, epochs: number, epochSeconds: number): string {
  return `${yearsText(epoch, epochSeconds)}${epoch < epochs ? "" : "*"}`;
}

/** A number of epochs in years, cut after two digits. */
export function yearsText(epochs: number, epochSeconds: number): string {
  const hundredths = Math.floor((epochs * epochSeconds * 100) / YEAR_SECONDS);
  return (hundredths / 100).toFixed(2);
}

/** Basis points as percent; a dash if there is no number. */
export function inflationText(bps: number | null): string {
  return bps === null ? "–" : (bps / 100).toFixed(2);
}

/** A simulation for programs, without the points for drawing; wei become decimal strings when written. */
export function simulationJson({ scenario, epochs, epochSeconds, policies }: Simulation) {
  return {
    scenario: scenario.name,
    network: scenario.network,
    seed: scenario.seed,
    epochs,
    epochSeconds,
    policies: policies.map(({ name, kind, years, milestones, attacks }) => ({
      name,
      kind,
      total: totalsOf(years),
      years,
      attacks,
      ...milestonesJson(milestones, epochs),
    })),
  };
}

function milestonesJson({ halvings, cap }: Milestones, epochs: number) {
  return {
    halvings: halvings.map((halving) => ({ ...halving, withinRun: halving.epoch < epochs })),
    cap: cap.kind === "reached" ? { ...cap, withinRun: cap.epoch < epochs } : cap,
  };
}
