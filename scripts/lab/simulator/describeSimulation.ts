import { formatMdt } from "../../show/amounts";
import { renderTable } from "../../show/table";
import { type CapReached, type Halving, type Milestones } from "./milestones";
import { type Attack } from "./attackRecorder";
import { totalsOf, YEAR_SECONDS } from "./years";
import { type SimulatedPolicy, type Simulation } from "./simulate";

/** So many halvings are shown; there are dozens, of ever less. */
const SHOWN_HALVINGS = 4;

/** A simulation as tables for people: amounts in whole MDT, cut. */
export function describeSimulation(simulation: Simulation): string {
  const { scenario, epochs, epochSeconds, policies } = simulation;
  return [
    `${scenario.name}: ${epochs.toLocaleString("en")} epochs (${yearsText(epochs, epochSeconds)} years) of the network "${scenario.network}", seed ${scenario.seed}`,
    scenario.description,
    "",
    "The whole run (MDT)",
    totalsTable(policies),
    "",
    "Inflation of each year (%)",
    inflationTable(policies),
    "",
    "Income in a year (MDT)",
    incomeTable(policies),
    "",
    ...(scenario.adversaries.length === 0
      ? []
      : [
          "What adversaries spent, earned and did to others while they acted (MDT; gained: earned, without what was spent and what honest stake earns)",
          attacksTable(policies),
          "",
        ]),
    "Years to each halving and to the cap (* beyond the run, by the schedule)",
    milestonesTable(simulation),
  ].join("\n");
}

function totalsTable(policies: readonly SimulatedPolicy[]): string {
  return renderTable(
    ["policy", ">supply at the end", ">minted", ">of it block rewards", ">recycled", ">burned", ">fees paid"],
    policies.map(({ name, years }) => {
      const totals = totalsOf(years);
      const amounts = [
        totals.supplyWei,
        totals.mintedWei,
        totals.blockRewardsWei,
        totals.recycledWei,
        totals.burnedWei,
        totals.taskFeesWei,
      ];
      return [name, ...amounts.map((wei) => formatMdt(wei, 0))];
    }),
  );
}

function inflationTable(policies: readonly SimulatedPolicy[]): string {
  return renderTable(
    ["policy", ...policies[0]!.years.map(({ year }) => `>${year}`)],
    policies.map(({ name, years }) => [name, ...years.map(({ inflationBps }) => inflationText(inflationBps))]),
  );
}

function incomeTable(policies: readonly SimulatedPolicy[]): string {
  return renderTable(
    ["policy", ">median miner: first year", ">last", ">validator: first", ">last", ">delegator: first", ">last"],
    policies.map((policy) => [policy.name, ...incomesOf(policy).map((wei) => formatMdt(wei, 0))]),
  );
}

/** The median miner's, validator's and delegator's income, each in the first and in the last year; in wei. */
export function incomesOf({ years }: SimulatedPolicy): readonly bigint[] {
  const [first, last] = [years[0]!, years.at(-1)!];
  const medians = ["medianMinerWei", "medianValidatorWei", "medianDelegatorWei"] as const;
  return medians.flatMap((median) => [first[median], last[median]]);
}

function attacksTable(policies: readonly SimulatedPolicy[]): string {
  return renderTable(
    ["policy", "adversary", "kind", ">stake", ">spent", ">earned", ">honest stake earns", ">gained", ">others lost"],
    policies.flatMap(({ name, attacks }) =>
      attacks.map((attack) => [name, attack.name, attack.kind, ...attackAmounts(attack)]),
    ),
  );
}

/** What a table says of an attack, from its stake to what others lost, in whole MDT. */
export function attackAmounts(attack: Attack): readonly string[] {
  const { stakeWei, spentWei, earnedWei, honestWei, gainWei, othersLostWei } = attack;
  return [stakeWei, spentWei, earnedWei, honestWei, gainWei, othersLostWei].map((wei) => formatMdt(wei, 0));
}

function milestonesTable({ policies, epochs, epochSeconds }: Simulation): string {
  return renderTable(
    ["policy", "halvings", "cap"],
    policies.map(({ name, milestones: { halvings, cap } }) => [
      name,
      halvingsText(halvings, epochs, epochSeconds),
      capText(cap, epochs, epochSeconds),
    ]),
  );
}

/** "4.00, 8.00, 12.00*, 16.00* …": the first ones, those beyond the run with a star. */
export function halvingsText(halvings: readonly Halving[], epochs: number, epochSeconds: number): string {
  if (halvings.length === 0) return "none";
  const shown = halvings.slice(0, SHOWN_HALVINGS).map(({ epoch }) => starred(epoch, epochs, epochSeconds));
  return shown.join(", ") + (halvings.length > SHOWN_HALVINGS ? " …" : "");
}

/** When the cap is reached, or that it never is and what there can be at most. */
export function capText(cap: CapReached, epochs: number, epochSeconds: number): string {
  if (cap.kind === "reached") return starred(cap.epoch, epochs, epochSeconds);
  return `never: the schedule ends after ${starred(cap.endEpoch, epochs, epochSeconds)}, with at most ${formatMdt(cap.mintedAtMostWei, 0)} MDT minted`;
}

function starred(epoch: number, epochs: number, epochSeconds: number): string {
  return `${yearsText(epoch, epochSeconds)}${epoch < epochs ? "" : "*"}`;
}

/** How many years so many epochs are, cut after two digits. */
export function yearsText(epochs: number, epochSeconds: number): string {
  const hundredths = Math.floor((epochs * epochSeconds * 100) / YEAR_SECONDS);
  return (hundredths / 100).toFixed(2);
}

/** Basis points as percent; a dash where there is no number. */
export function inflationText(bps: number | null): string {
  return bps === null ? "–" : (bps / 100).toFixed(2);
}

/** A simulation for programs: wei as decimal strings once written, points for drawing left out. */
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
