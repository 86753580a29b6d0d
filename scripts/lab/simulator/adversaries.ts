import { type Address } from "viem";
import { type SparseRow } from "../../core/consensus/sparseRow";
import { ONE_IN_BPS, sum, U16_MAX } from "../../core/fixedPoint";
import { parseMdt } from "../../show/amounts";
import { accountAt, type Day, type SimulatedMiner, type SimulatedValidator } from "./days";
import { type Step } from "./policyRun";
import { type AdversaryText, ScenarioError } from "./scenario";

/** How an adversary's validators score: like honest ones, not at all, or only its own miners. */
type Scoring = "honest" | "silent" | "ownOnly";

/** Someone who acts against the network, with the validators and miners that it runs; stakes in wei. */
export interface Adversary {
  readonly name: string;
  readonly kind: AdversaryText["kind"];
  readonly fromEpoch: number;
  /** The first epoch in which it is gone. */
  readonly untilEpoch: number;
  readonly validators: readonly SimulatedValidator[];
  readonly miners: readonly SimulatedMiner[];
  /** The place of its tasks' type, and how many each of its miners completes in an epoch. */
  readonly type: number;
  readonly tasksEach: number;
  readonly scoring: Scoring;
}

const scoringOf: Readonly<Record<Adversary["kind"], Scoring>> = {
  selfBuyer: "honest",
  junkClient: "honest",
  silentSeats: "silent",
  lazyCartel: "ownOnly",
  sybilMiners: "honest",
};

/**
 * A scenario's adversaries, in the order in which they come. Their accounts are numbered from 1 000 000 on, a thousand
 * for each.
 * @param typeNames The task types under the scenario's first policy.
 * @throws ScenarioError if one buys tasks of any other type.
 */
export function adversariesOf(
  { adversaries }: { readonly adversaries: readonly AdversaryText[] },
  typeNames: readonly string[],
): readonly Adversary[] {
  return adversaries
    .map((adversary, index) => adversaryOf(adversary, 1_000_000 + index * 1_000, typeNames))
    .sort((one, other) => one.fromEpoch - other.fromEpoch);
}

function adversaryOf(adversary: AdversaryText, firstNumber: number, typeNames: readonly string[]): Adversary {
  const { name, kind, fromEpoch } = adversary;
  const type = "type" in adversary ? typeNames.indexOf(adversary.type) : 0;
  if (type < 0) {
    throw new ScenarioError(`The type of the adversary "${name}" must be one of ${typeNames.join(", ")}.`);
  }
  return {
    name,
    kind,
    fromEpoch,
    untilEpoch: fromEpoch + adversary.epochs,
    validators: "seats" in adversary ? validatorsOf(adversary, firstNumber) : [],
    miners: Array.from({ length: minerCount(adversary) }, (_, miner) => ({
      account: accountAt(firstNumber + 500 + miner),
      skillBps: kind === "junkClient" ? 0 : ONE_IN_BPS,
    })),
    type,
    tasksEach: "tasksEach" in adversary ? adversary.tasksEach : 0,
    scoring: scoringOf[kind],
  };
}

function validatorsOf(
  { seats, stakeMdt }: { readonly seats: number; readonly stakeMdt: string },
  firstNumber: number,
): Adversary["validators"] {
  const ownWei = parseMdt(stakeMdt);
  return Array.from({ length: seats }, (_, seat) => ({
    account: accountAt(firstNumber + seat),
    ownWei,
    totalWei: ownWei,
    commissionBps: 0,
    delegations: [],
  }));
}

function minerCount(adversary: AdversaryText): number {
  if (adversary.kind === "sybilMiners") return adversary.miners;
  return adversary.kind === "silentSeats" ? 0 : 1;
}

function acts({ fromEpoch, untilEpoch }: Adversary, epoch: number): boolean {
  return fromEpoch <= epoch && epoch < untilEpoch;
}

/** Those that act in an epoch. */
export function actingIn(adversaries: readonly Adversary[], epoch: number): readonly Adversary[] {
  return adversaries.filter((adversary) => acts(adversary, epoch));
}

/**
 * A day with adversaries; the unchanged day before the first comes. An adversary that has left has no seats and no
 * tasks; its miners stay registered, but nobody scores them.
 * @param adversaries In the order in which they come.
 */
export function attackedDay(day: Day, adversaries: readonly Adversary[]): Day {
  const come = adversaries.filter(({ fromEpoch }) => fromEpoch <= day.epoch);
  if (come.length === 0) return day;
  const acting = actingIn(come, day.epoch);
  const registered = come.flatMap((adversary) => adversary.miners.map((miner) => ({ adversary, miner })));
  const scored = registered.filter(({ adversary }) => acting.includes(adversary));
  const columns = Uint32Array.from([
    ...day.miners.keys(),
    ...scored.map((entry) => day.miners.length + registered.indexOf(entry)),
  ]);
  const worthU16 = scored.map(({ miner }) => (miner.skillBps / ONE_IN_BPS) * U16_MAX);
  const rowOf = (honest: Iterable<number>, others: readonly number[]): SparseRow => ({
    columns,
    values: Float64Array.from([...honest, ...others]),
  });
  const scoresOf = (adversary: Adversary): SparseRow | null => {
    if (adversary.scoring === "silent") return null;
    if (adversary.scoring === "honest") return rowOf(day.worthU16, worthU16);
    return rowOf(
      day.worthU16.map(() => 0),
      scored.map((entry) => (entry.adversary === adversary ? U16_MAX : 0)),
    );
  };
  return {
    ...withSeats(day, acting),
    miners: [...day.miners, ...registered.map(({ miner }) => miner)],
    tasks: day.tasks.map((counts, type) => [
      ...counts,
      ...registered.map(({ adversary }) =>
        adversary.type === type && acting.includes(adversary) ? adversary.tasksEach : 0,
      ),
    ]),
    scores: [
      ...day.scores.map((row) => row && rowOf(row.values, worthU16)),
      ...acting.flatMap((adversary) => adversary.validators.map(() => scoresOf(adversary))),
    ],
    minerRegistrations: [
      ...day.minerRegistrations,
      ...registered.flatMap(({ adversary, miner }) => (adversary.fromEpoch === day.epoch ? [miner.account] : [])),
    ],
  };
}

/** The same day if the adversaries' stake were honest: their seats score honest work, and nobody buys from itself. */
export function peacefulDay(day: Day, adversaries: readonly Adversary[]): Day {
  const acting = actingIn(adversaries, day.epoch);
  const seats = acting.flatMap(({ validators }) => validators);
  if (seats.length === 0) return day;
  const honest = { columns: Uint32Array.from(day.miners.keys()), values: day.worthU16 };
  return { ...withSeats(day, acting), scores: [...day.scores, ...seats.map(() => honest)] };
}

function withSeats(day: Day, acting: readonly Adversary[]): Day {
  const newcomers = acting.filter(({ fromEpoch }) => fromEpoch === day.epoch);
  return {
    ...day,
    validators: [...day.validators, ...acting.flatMap(({ validators }) => validators)],
    validatorRegistrations: [
      ...day.validatorRegistrations,
      ...newcomers.flatMap(({ validators }) => validators.map(({ account }) => account)),
    ],
  };
}

/** What an adversary's time in a network came to; amounts in wei. */
export interface Attack {
  readonly name: string;
  readonly kind: Adversary["kind"];
  /** What its validators had staked, and got back in the end. */
  readonly stakeWei: bigint;
  /** Fees of the tasks that it bought, and registrations. */
  readonly spentWei: bigint;
  /** Rewards of its miners and validators, block rewards included. */
  readonly earnedWei: bigint;
  /** What the same stake would have earned with honest scores, without the registration of its seats. */
  readonly honestWei: bigint;
  /** Earned − spent − what honest stake would have earned: below zero if attacking loses. */
  readonly gainWei: bigint;
  /**
   * How much more all honest miners, validators and delegators would have earned in the same epochs if all adversaries
   * had been honest; if several act at once, it is what others lost to all of them.
   */
  readonly othersLostWei: bigint;
}

/** Adds up what adversaries do to a network, epoch by epoch, beside the same network in which they are honest. */
export class AttackRecorder {
  readonly #records;

  constructor(adversaries: readonly Adversary[]) {
    this.#records = adversaries.map((adversary) => {
      const accounts = new Set([...adversary.miners, ...adversary.validators].map(({ account }) => account));
      const isOwn = (account: Address | null): boolean => account !== null && accounts.has(account);
      return { adversary, isOwn, spentWei: 0n, earnedWei: 0n, honestWei: 0n, othersLostWei: 0n };
    });
  }

  /** @param peaceful The same epoch with honest adversaries. */
  add(epoch: number, attacked: Step, peaceful: Step): void {
    const acting = this.#records.filter(({ adversary }) => acts(adversary, epoch));
    if (acting.length === 0) return;
    const isOther = (account: Address): boolean => !this.#records.some(({ isOwn }) => isOwn(account));
    const othersLostWei = totalWei(peaceful.incomes, isOther) - totalWei(attacked.incomes, isOther);
    for (const record of acting) {
      const { isOwn } = record;
      record.spentWei += spentWei(attacked, isOwn);
      record.earnedWei += totalWei(attacked.incomes, isOwn);
      record.honestWei += totalWei(peaceful.incomes, isOwn) - spentWei(peaceful, isOwn);
      record.othersLostWei += othersLostWei;
    }
  }

  attacks(): readonly Attack[] {
    return this.#records.map(
      ({ adversary: { name, kind, validators }, spentWei, earnedWei, honestWei, othersLostWei }) => ({
        ...{ name, kind, stakeWei: sum(validators.map((validator) => validator.totalWei)) },
        ...{ spentWei, earnedWei, honestWei, gainWei: earnedWei - spentWei - honestWei, othersLostWei },
      }),
    );
  }
}

function totalWei<A>(
  amounts: readonly { readonly account: A; readonly amountWei: bigint }[],
  counts: (account: A) => boolean,
): bigint {
  return sum(amounts.map(({ account, amountWei }) => (counts(account) ? amountWei : 0n)));
}

/** What an adversary spent: fees of tasks that it bought, and its registrations. */
function spentWei({ miners, registrations }: Step, isOwn: (account: Address | null) => boolean): bigint {
  const fees = miners.map(({ account, feesWei }) => ({ account, amountWei: feesWei }));
  return totalWei([...fees, ...registrations], isOwn);
}
