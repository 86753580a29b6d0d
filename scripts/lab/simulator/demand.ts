import { type Dice } from "./dice";
import { type Scenario } from "./scenario";
import { ONE_IN_BPS } from "../../core/fixedPoint";

type Shock = Scenario["shocks"][number];

/** What shocks multiply in an epoch; 1 where nothing happens. */
export interface ShockFactors {
  readonly tasks: number;
  readonly skill: number;
  readonly present: number;
}

/** The product of all shocks that last in an epoch. */
export function shockFactors(shocks: readonly Shock[], epoch: number): ShockFactors {
  const now = shocks.filter(({ fromEpoch, epochs }) => fromEpoch <= epoch && epoch < fromEpoch + epochs);
  const product = (field: "tasksBps" | "skillBps" | "presentBps"): number =>
    now.reduce((factor, shock) => (factor * shock[field]) / ONE_IN_BPS, 1);
  return { tasks: product("tasksBps"), skill: product("skillBps"), present: product("presentBps") };
}

/**
 * How many tasks clients want in an epoch: start · growth · season · shocks · chance, cut to a whole number. Only sums,
 * products and quotients, so that every machine gets the same number; from here on everything is whole.
 */
export function tasksWanted(tasks: Scenario["tasks"], epoch: number, shock: number, dice: Dice): number {
  const growth = tasks.doublesEveryEpochs === null ? 1 : doublings(epoch / tasks.doublesEveryEpochs);
  const season = 1 + (wave(epoch / tasks.seasonEpochs) * tasks.seasonBps) / ONE_IN_BPS;
  const chance = 1 + dice.between(-tasks.noiseBps, tasks.noiseBps) / ONE_IN_BPS;
  return Math.trunc(tasks.perEpoch * growth * season * shock * chance);
}

/** 1, 2, 4 … at 0, 1, 2 …, and straight lines between them. */
function doublings(periods: number): number {
  const whole = Math.trunc(periods);
  return 2 ** whole * (1 + periods - whole);
}

/** A wave of straight lines with period 1: 0 at the start, 1 at a quarter, −1 at three quarters. */
function wave(periods: number): number {
  const phase = periods - Math.trunc(periods);
  if (phase < 0.25) return 4 * phase;
  return phase < 0.75 ? 2 - 4 * phase : 4 * phase - 4;
}
