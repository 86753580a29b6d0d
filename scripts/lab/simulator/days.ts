import { type SparseRow } from "../../core/consensus/sparseRow";
import { type Dice } from "./dice";
import { shockFactors, tasksWanted } from "./demand";
import { type People, type SimulatedMiner } from "./people";
import { type Scenario } from "./scenario";
import { ONE_IN_BPS, U16_MAX } from "../../core/fixedPoint";

/** What happens in one epoch, whatever the policy. */
export interface Day {
  readonly epoch: number;
  /** Completed tasks of each type. */
  readonly tasksByType: readonly number[];
  /** Completed tasks of each miner. */
  readonly tasksByMiner: readonly number[];
  /** What each validator revealed, as the core reads it; null where it was away. */
  readonly scores: readonly (SparseRow | null)[];
  readonly minerRegistrations: number;
  readonly validatorRegistrations: number;
  /** The place of the validator that is slashed; null where none is. */
  readonly slashed: number | null;
}

/** Lets an epoch happen. Clients choose miners evenly, and all that is wanted gets done. */
export function dayOf(scenario: Scenario, { miners, validators }: People, epoch: number, dice: Dice): Day {
  const { tasks, registrations, slashing, shocks } = scenario;
  const shock = shockFactors(shocks, epoch);
  const count = tasksWanted(tasks, epoch, shock.tasks, dice);
  const presentBps = Math.min(scenario.validators.presentBps * shock.present, ONE_IN_BPS);
  const columns = Uint32Array.from(miners.keys());
  return {
    epoch,
    tasksByType: splitByShares(count, tasks.typeSharesBps),
    tasksByMiner: splitEvenly(count, miners.length),
    scores: validators.map(() =>
      dice.happens(presentBps)
        ? { columns, values: scoresOf(miners, shock.skill, scenario.validators.errorBps, dice) }
        : null,
    ),
    minerRegistrations: dice.times(registrations.minersPerEpochBps),
    validatorRegistrations: dice.times(registrations.validatorsPerEpochBps),
    slashed: dice.happens(slashing.chanceBps) ? dice.between(0, validators.length - 1) : null,
  };
}

/** What a validator measures of each miner's work, each score off by an error of its own. */
function scoresOf(miners: readonly SimulatedMiner[], factor: number, errorBps: number, dice: Dice): Float64Array {
  const scores = miners.map(({ skillBps }) => {
    const error = 1 + dice.between(-errorBps, errorBps) / ONE_IN_BPS;
    const score = Math.trunc((U16_MAX * skillBps * factor * error) / ONE_IN_BPS);
    return Math.min(score, U16_MAX);
  });
  return new Float64Array(scores);
}

/** Floored shares; what is left over is of the first type. */
function splitByShares(count: number, sharesBps: readonly number[]): readonly number[] {
  const [, ...others] = sharesBps.map((share) => Math.floor((count * share) / ONE_IN_BPS));
  return [count - others.reduce((sum, part) => sum + part, 0), ...others];
}

function splitEvenly(count: number, parts: number): readonly number[] {
  const each = Math.floor(count / parts);
  return Array.from({ length: parts }, (_, index) => each + (index < count % parts ? 1 : 0));
}
