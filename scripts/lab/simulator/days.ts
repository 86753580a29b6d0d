import { type Address, numberToHex, padHex } from "viem";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { type SparseRow } from "../../core/consensus/sparseRow";
import { type DelegationInput } from "../../core/distribution/validators";
import { ONE_IN_BPS, sum, U16_MAX } from "../../core/fixedPoint";
import { parseMdt } from "../../show/amounts";
import { type Scenario } from "./scenario";

/** A validator with its delegators; stakes in wei. Stakes never change: what a slash takes is staked again. */
export interface SimulatedValidator {
  readonly account: Address;
  readonly ownWei: bigint;
  readonly totalWei: bigint;
  readonly commissionBps: number;
  readonly delegations: readonly DelegationInput[];
}

/** A miner, and what its work is worth, out of 10 000. */
export interface SimulatedMiner {
  readonly account: Address;
  readonly skillBps: number;
}

/** Everyone honest who is paid. In the computation, each has a separate account. */
export interface People {
  readonly miners: readonly SimulatedMiner[];
  readonly validators: readonly SimulatedValidator[];
  /** All own and delegated stake in wei. */
  readonly stakedWei: bigint;
}

/** Accounts are numbered: validators from 1, miners from 1 000, delegators from 10 000. */
export function peopleOf({ miners, validators }: Scenario): People {
  const stakers = Array.from({ length: validators.accounts }, (_, index) => validatorAt(index, validators));
  return {
    miners: Array.from({ length: miners.accounts }, (_, index) => ({
      account: accountAt(1_000 + index),
      skillBps: skillAt(index, miners),
    })),
    validators: stakers,
    stakedWei: sum(stakers.map(({ totalWei }) => totalWei)),
  };
}

function validatorAt(
  index: number,
  { stakeMdt, commissionBps, delegatorsEach, delegatedMdt }: Scenario["validators"],
): SimulatedValidator {
  const tenths = BigInt(Math.max(10 - index, 1));
  const ownWei = (parseMdt(stakeMdt) * tenths) / 10n;
  const stakeWei = parseMdt(delegatedMdt);
  const delegations = Array.from({ length: delegatorsEach }, (_, delegator) => ({
    account: accountAt(10_000 + index * 100 + delegator),
    stakeWei,
  }));
  const totalWei = ownWei + stakeWei * BigInt(delegatorsEach);
  return { account: accountAt(1 + index), ownWei, totalWei, commissionBps, delegations };
}

/** Skills are spread evenly from the worst to the best. */
function skillAt(index: number, { accounts, skillBps, skillSpreadBps }: Scenario["miners"]): number {
  const place = accounts === 1 ? 0 : (2 * index) / (accounts - 1) - 1;
  return Math.min(Math.max(skillBps + Math.trunc(place * skillSpreadBps), 0), ONE_IN_BPS);
}

/** The number is in the first bytes: accounts that differ early sort fastest. */
export function accountAt(number: number): Address {
  return padHex(numberToHex(number, { size: 4 }), { size: 20, dir: "right" });
}

/** What happens in one epoch, whatever the policy. */
export interface Day {
  readonly epoch: number;
  /** The seated validators, and the registered miners. */
  readonly validators: readonly SimulatedValidator[];
  readonly miners: readonly SimulatedMiner[];
  /** Completed tasks: by type, and then by miner. */
  readonly tasks: readonly (readonly number[])[];
  /** What each honest miner's work is worth, out of 65 535: the score without an error. */
  readonly worthU16: Float64Array;
  /** What each validator revealed, as the core reads it; null if it was away. */
  readonly scores: readonly (SparseRow | null)[];
  /** Registrations in order: an adversary's account, or null for someone who takes the place of a person who left. */
  readonly minerRegistrations: readonly (Address | null)[];
  readonly validatorRegistrations: readonly (Address | null)[];
  /** The place of the validator that is slashed; null if none is. */
  readonly slashed: number | null;
}

/** Lets an epoch happen. Clients choose miners evenly, and all tasks that they want get done. */
export function dayOf(scenario: Scenario, { miners, validators }: People, epoch: number, random: RandomNumbers): Day {
  const { tasks, registrations, slashing, shocks } = scenario;
  const shock = shockFactors(shocks, epoch);
  const count = tasksWanted(tasks, epoch, shock.tasks, random);
  const presentBps = Math.min(scenario.validators.presentBps * shock.present, ONE_IN_BPS);
  const columns = Uint32Array.from(miners.keys());
  const { errorBps } = scenario.validators;
  // What a validator measures of each miner's work; each score has a separate error.
  const measured = (): Float64Array =>
    Float64Array.from(miners, ({ skillBps }) =>
      worthOf(skillBps, shock.skill, 1 + random.between(-errorBps, errorBps) / ONE_IN_BPS),
    );
  return {
    epoch,
    validators,
    miners,
    tasks: inTurns(splitByShares(count, tasks.typeSharesBps), miners.length),
    worthU16: Float64Array.from(miners, ({ skillBps }) => worthOf(skillBps, shock.skill, 1)),
    scores: validators.map(() => (random.happens(presentBps) ? { columns, values: measured() } : null)),
    minerRegistrations: strangers(registrations.minersPerEpochBps, random),
    validatorRegistrations: strangers(registrations.validatorsPerEpochBps, random),
    slashed: random.happens(slashing.chanceBps) ? random.between(0, validators.length - 1) : null,
  };
}

function worthOf(skillBps: number, factor: number, error: number): number {
  return Math.min(Math.trunc((U16_MAX * skillBps * factor * error) / ONE_IN_BPS), U16_MAX);
}

function strangers(averageBps: number, random: RandomNumbers): readonly null[] {
  return Array.from({ length: random.times(averageBps) }, () => null);
}

/** Splits by floored shares; the first type gets what is left over. */
function splitByShares(count: number, sharesBps: readonly number[]): readonly number[] {
  const [, ...others] = sharesBps.map((share) => Math.floor((count * share) / ONE_IN_BPS));
  return [count - others.reduce((sum, part) => sum + part, 0), ...others];
}

/** Gives tasks to miners in turn, one type after the other. @returns By type, how many each miner has. */
function inTurns(countByType: readonly number[], miners: number): readonly (readonly number[])[] {
  const hadOf = (tasks: number, miner: number): number => Math.ceil((tasks - miner) / miners);
  let before = 0;
  return countByType.map((count) => {
    const first = before;
    before += count;
    return Array.from({ length: miners }, (_, miner) => hadOf(first + count, miner) - hadOf(first, miner));
  });
}

/** The product of all shocks that last in an epoch; 1 if there are none. */
function shockFactors(shocks: Scenario["shocks"], epoch: number) {
  const now = shocks.filter(({ fromEpoch, epochs }) => fromEpoch <= epoch && epoch < fromEpoch + epochs);
  const product = (field: "tasksBps" | "skillBps" | "presentBps"): number =>
    now.reduce((factor, shock) => (factor * shock[field]) / ONE_IN_BPS, 1);
  return { tasks: product("tasksBps"), skill: product("skillBps"), present: product("presentBps") };
}

/**
 * How many tasks clients want in an epoch: start · growth · season · shocks · chance, cut to a whole number. Uses only
 * sums, products and quotients, so that every machine gets the same number; from here on everything is whole.
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

/** Random numbers, the same for the same seed: xoroshiro128+, whole numbers only. */
export class RandomNumbers {
  readonly #generator;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A whole number from `low` to `high`, both included, all equally likely. */
  between(low: number, high: number): number {
    return uniformInt(this.#generator, low, high);
  }

  /** Whether something that has this chance happens. */
  happens(chanceBps: number): boolean {
    return this.between(0, 9_999) < chanceBps;
  }

  /** How often something with this average happens: its whole part, and once more by chance. */
  times(averageBps: number): number {
    return Math.floor(averageBps / ONE_IN_BPS) + (this.happens(averageBps % ONE_IN_BPS) ? 1 : 0);
  }
}
