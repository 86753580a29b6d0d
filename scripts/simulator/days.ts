import { type Hex } from "viem";
import { encodeScores } from "../keeper/core/scorePayload";
import { type Dice } from "./dice";
import { shockFactors, tasksWanted } from "./demand";
import { type People, type SimulatedMiner } from "./people";
import { type Scenario } from "./scenario";

const MAX_SCORE_U16 = 65_535;

/** What happens in one epoch, whatever the policy. */
export interface Day {
  readonly epoch: number;
  /** Completed tasks of each type. */
  readonly tasksByType: readonly number[];
  /** Completed tasks of each miner. */
  readonly tasksByMiner: readonly number[];
  /** What each validator revealed; null where it was away. */
  readonly payloads: readonly (Hex | null)[];
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
  const presentBps = Math.min(scenario.validators.presentBps * shock.present, 10_000);
  return {
    epoch,
    tasksByType: splitByShares(count, tasks.typeSharesBps),
    tasksByMiner: splitEvenly(count, miners.length),
    payloads: validators.map(() =>
      dice.happens(presentBps) ? payloadOf(miners, shock.skill, scenario.validators.errorBps, dice) : null,
    ),
    minerRegistrations: dice.times(registrations.minersPerEpochBps),
    validatorRegistrations: dice.times(registrations.validatorsPerEpochBps),
    slashed: dice.happens(slashing.chanceBps) ? dice.between(0, validators.length - 1) : null,
  };
}

/** What a validator measures of everybody's work, each score off by an error of its own. */
function payloadOf(miners: readonly SimulatedMiner[], factor: number, errorBps: number, dice: Dice): Hex {
  return encodeScores(
    miners.map(({ skillBps }, index) => {
      const error = 1 + dice.between(-errorBps, errorBps) / 10_000;
      const score = Math.trunc((MAX_SCORE_U16 * skillBps * factor * error) / 10_000);
      return { minerId: index + 1, scoreU16: Math.min(score, MAX_SCORE_U16) };
    }),
  );
}

/** Floored shares; what is left over is of the first type. */
function splitByShares(count: number, sharesBps: readonly number[]): readonly number[] {
  const [, ...others] = sharesBps.map((share) => Math.floor((count * share) / 10_000));
  return [count - others.reduce((sum, part) => sum + part, 0), ...others];
}

function splitEvenly(count: number, parts: number): readonly number[] {
  const each = Math.floor(count / parts);
  return Array.from({ length: parts }, (_, index) => each + (index < count % parts ? 1 : 0));
}
