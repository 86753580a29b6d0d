import { type Address } from "viem";
import { type SparseRow } from "../../core/consensus/sparseRow";
import { type People, type SimulatedMiner, type SimulatedValidator } from "./people";
import { type Scenario } from "./scenario";
import { ONE_IN_BPS, U16_MAX } from "../../core/fixedPoint";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** What happens in one epoch, whatever the policy. */
export interface Day {
  readonly epoch: number;
  /** Those that are seated, and those that have registered. */
  readonly validators: readonly SimulatedValidator[];
  readonly miners: readonly SimulatedMiner[];
  /** Completed tasks: by type, and then by miner. */
  readonly tasks: readonly (readonly number[])[];
  /** What each honest miner's work is worth, of 65 535: the score without an error. */
  readonly worthU16: Float64Array;
  /** What each validator revealed, as the core reads it; null where it was away. */
  readonly scores: readonly (SparseRow | null)[];
  /** Who registers, one after the other: an adversary's account, or null for somebody who takes the place of who left. */
  readonly minerRegistrations: readonly (Address | null)[];
  readonly validatorRegistrations: readonly (Address | null)[];
  /** The place of the validator that is slashed; null where none is. */
  readonly slashed: number | null;
}

/** Lets an epoch happen. Clients choose miners evenly, and all that is wanted gets done. */
export function dayOf(scenario: Scenario, { miners, validators }: People, epoch: number, random: RandomNumbers): Day {
  const { tasks, registrations, slashing, shocks } = scenario;
  const shock = shockFactors(shocks, epoch);
  const count = tasksWanted(tasks, epoch, shock.tasks, random);
  const presentBps = Math.min(scenario.validators.presentBps * shock.present, ONE_IN_BPS);
  const columns = Uint32Array.from(miners.keys());
  return {
    epoch,
    validators,
    miners,
    tasks: inTurns(splitByShares(count, tasks.typeSharesBps), miners.length),
    worthU16: Float64Array.from(miners, ({ skillBps }) => worthOf(skillBps, shock.skill, 1)),
    scores: validators.map(() =>
      random.happens(presentBps)
        ? { columns, values: scoresOf(miners, shock.skill, scenario.validators.errorBps, random) }
        : null,
    ),
    minerRegistrations: strangers(random.times(registrations.minersPerEpochBps)),
    validatorRegistrations: strangers(random.times(registrations.validatorsPerEpochBps)),
    slashed: random.happens(slashing.chanceBps) ? random.between(0, validators.length - 1) : null,
  };
}

/** What a validator measures of each miner's work, each score off by an error of its own. */
function scoresOf(
  miners: readonly SimulatedMiner[],
  factor: number,
  errorBps: number,
  random: RandomNumbers,
): Float64Array {
  const scores = miners.map(({ skillBps }) => {
    const error = 1 + random.between(-errorBps, errorBps) / ONE_IN_BPS;
    return worthOf(skillBps, factor, error);
  });
  return new Float64Array(scores);
}

function worthOf(skillBps: number, factor: number, error: number): number {
  return Math.min(Math.trunc((U16_MAX * skillBps * factor * error) / ONE_IN_BPS), U16_MAX);
}

function strangers(count: number): readonly null[] {
  return Array.from({ length: count }, () => null);
}

/** Floored shares; what is left over is of the first type. */
function splitByShares(count: number, sharesBps: readonly number[]): readonly number[] {
  const [, ...others] = sharesBps.map((share) => Math.floor((count * share) / ONE_IN_BPS));
  return [count - others.reduce((sum, part) => sum + part, 0), ...others];
}

/** Gives the tasks of one type after the other to miners in turns; by type, how many each miner has. */
function inTurns(countByType: readonly number[], miners: number): readonly (readonly number[])[] {
  const hadOf = (tasks: number, miner: number): number => Math.ceil((tasks - miner) / miners);
  let before = 0;
  return countByType.map((count) => {
    const first = before;
    before += count;
    return Array.from({ length: miners }, (_, miner) => hadOf(first + count, miner) - hadOf(first, miner));
  });
}

type Shock = Scenario["shocks"][number];

/** What shocks multiply in an epoch; 1 where nothing happens. */
export interface ShockFactors {
  readonly tasks: number;
  readonly skill: number;
  readonly present: number;
}

/** The product of all shocks that last in an epoch. */
function shockFactors(shocks: readonly Shock[], epoch: number): ShockFactors {
  const now = shocks.filter(({ fromEpoch, epochs }) => fromEpoch <= epoch && epoch < fromEpoch + epochs);
  const product = (field: "tasksBps" | "skillBps" | "presentBps"): number =>
    now.reduce((factor, shock) => (factor * shock[field]) / ONE_IN_BPS, 1);
  return { tasks: product("tasksBps"), skill: product("skillBps"), present: product("presentBps") };
}

/**
 * How many tasks clients want in an epoch: start · growth · season · shocks · chance, cut to a whole number. Only sums,
 * products and quotients, so that every machine gets the same number; from here on everything is whole.
 */
export function tasksWanted(tasks: Scenario["tasks"], epoch: number, shock: number, random: RandomNumbers): number {
  const growth = tasks.doublesEveryEpochs === null ? 1 : doublings(epoch / tasks.doublesEveryEpochs);
  const season = 1 + (wave(epoch / tasks.seasonEpochs) * tasks.seasonBps) / ONE_IN_BPS;
  const chance = 1 + random.between(-tasks.noiseBps, tasks.noiseBps) / ONE_IN_BPS;
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

/** Random numbers of which the same seed gives the same ones: xoroshiro128+, whole numbers only. */
export class RandomNumbers {
  readonly #generator;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A whole number from `low` to `high`, both included, all equally likely. */
  between(low: number, high: number): number {
    return uniformInt(this.#generator, low, high);
  }

  /** Whether something happens that happens with this chance. */
  happens(chanceBps: number): boolean {
    return this.between(0, 9_999) < chanceBps;
  }

  /** How often something happens that happens so often on average: the whole times, and once more by chance. */
  times(averageBps: number): number {
    return Math.floor(averageBps / ONE_IN_BPS) + (this.happens(averageBps % ONE_IN_BPS) ? 1 : 0);
  }
}
