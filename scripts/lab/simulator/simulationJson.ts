import { type Milestones } from "./milestones";
import { type Simulation } from "./simulate";
import { totalsOf } from "./totals";

/** A simulation for programs: wei as decimal strings once written, points for drawing left out. */
export function simulationJson({ scenario, epochs, epochSeconds, policies }: Simulation) {
  return {
    scenario: scenario.name,
    network: scenario.network,
    seed: scenario.seed,
    epochs,
    epochSeconds,
    policies: policies.map(({ name, kind, years, milestones }) => ({
      name,
      kind,
      total: totalsOf(years),
      years,
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
