import { type NetworkConfig } from "../../config/networkConfig";
import { sum } from "../../core/fixedPoint";
import { type Policy } from "../../core/policy/policy";
import { formatExactMdt } from "../../show/amounts";
import { type Person, type World } from "./network";
import { type Outcome, play } from "./play";

/** A network whose numbers are attacked. */
export interface Network {
  readonly name: string;
  readonly config: NetworkConfig;
  /** In force in the epochs that are played. */
  readonly policy: Policy;
}

/** What an attack comes to, in wei. */
export interface Figures {
  /** What the attacker has at stake, and what it needs in all: its stake, which it gets back, and what it spends. */
  readonly stakeWei: bigint;
  readonly capitalWei: bigint;
  /** Fees, registrations and slashes that an honest attacker would not have paid. */
  readonly costWei: bigint;
  /** Its income, less what it would have earned honestly. */
  readonly gainWei: bigint;
  readonly profitWei: bigint;
  /** What everybody else, or the victim, would have earned without the attack and does not with it; negative: they gain. */
  readonly harmWei: bigint;
}

/** One attack on one network. */
export interface Row extends Figures {
  readonly network: string;
  readonly attack: string;
  readonly setting: string;
  /** What must hold, in one sentence. */
  readonly bound: string;
  readonly holds: boolean;
}

/** What must hold of an attack. */
export interface Bound {
  readonly text: string;
  readonly holds: (figures: Figures, attacked: Outcome) => boolean;
}

/** An attack, and the same attacker behaving honestly. */
export interface Attack {
  readonly attack: string;
  readonly setting: string;
  readonly attacked: World;
  readonly honest: World;
  readonly bound: Bound;
  /** Whose harm is counted; missing: everybody's but the attacker's. */
  readonly victim?: Person;
  readonly attacker?: Person;
}

/** Plays an attack and its honest twin, and judges it. */
export function judge(network: Network, attack: Attack): Row {
  const { attacker = "attacker", victim } = attack;
  const attacked = play(attack.attacked);
  const honest = play(attack.honest);
  // Clients of their own free will pay for work that they get.
  const isOther = (person: Person): boolean =>
    victim === undefined ? person !== attacker && person !== "clients" : person === victim;
  const gainWei = of(attacked.incomeWei, attacker) - of(honest.incomeWei, attacker);
  const costWei = of(attacked.paidWei, attacker) - of(honest.paidWei, attacker);
  const stakeWei = stakeOfPerson(attack.attacked, attacker);
  const figures: Figures = {
    stakeWei,
    capitalWei: stakeWei + (costWei > 0n ? costWei : 0n),
    costWei,
    gainWei,
    profitWei: gainWei - costWei,
    harmWei: netWei(honest, isOther) - netWei(attacked, isOther),
  };
  return rowOf(network, attack, figures, attack.bound.holds(figures, attacked));
}

/** A row of the table, of figures that were found in whatever way. */
export function rowOf(
  { name }: Network,
  { attack, setting, bound }: Pick<Attack, "attack" | "setting"> & { readonly bound: Pick<Bound, "text"> },
  figures: Figures,
  holds: boolean,
): Row {
  return { network: name, attack, setting, ...figures, bound: bound.text, holds };
}

/**
 * What rounding moves at most in the epochs of an attack: floors a wei each, and Yuma's shares, which have 32 binary digits,
 * less than a millionth of an MDT in each epoch.
 */
const DUST_WEI = 10n ** 13n;

export const noProfit: Bound = {
  text: "profit ≤ 0",
  holds: ({ profitWei }) => profitWei <= DUST_WEI,
};

export const harmWithinCost: Bound = {
  text: "harm ≤ cost",
  holds: ({ harmWei, costWei }) => harmWei <= costWei + DUST_WEI,
};

export const noHarm: Bound = {
  text: "harm ≤ 0",
  holds: ({ harmWei }) => harmWei <= DUST_WEI,
};

/** Anyone who breaks somebody else's income loses as much itself, spent or not earned. */
export const harmWithinLoss: Bound = {
  text: "harm ≤ what the attacker loses",
  holds: ({ harmWei, profitWei }) => harmWei <= DUST_WEI - profitWei,
};

/** A bound that remains, and why. */
export function profitWithin(limitWei: bigint, reason: string): Bound {
  return {
    text: `profit ≤ ${mdt(limitWei)}: ${reason}`,
    holds: ({ profitWei }) => profitWei <= limitWei + DUST_WEI,
  };
}

/** A bound that remains, and why. */
export function harmWithin(limitWei: bigint, reason: string): Bound {
  return { text: `harm ≤ ${mdt(limitWei)}: ${reason}`, holds: ({ harmWei }) => harmWei <= limitWei + DUST_WEI };
}

/** Several bounds at once. */
export function both(...bounds: readonly Bound[]): Bound {
  return {
    text: bounds.map(({ text }) => text).join(", "),
    holds: (figures, attacked) => bounds.every(({ holds }) => holds(figures, attacked)),
  };
}

/** An amount inside a sentence. */
export function mdt(amountWei: bigint): string {
  return `${formatExactMdt(amountWei - (amountWei % 10n ** 14n))} MDT`;
}

function stakeOfPerson({ epochs }: World, person: Person): bigint {
  const ofSeat = (stakes: readonly { readonly person: Person; readonly stakeWei: bigint }[]) =>
    sum(stakes.filter((stake) => stake.person === person).map(({ stakeWei }) => stakeWei));
  const stakes = epochs.map(({ seats }) => ofSeat(seats.flatMap((seat) => [seat, ...(seat.delegations ?? [])])));
  return stakes.reduce((most, stakeWei) => (stakeWei > most ? stakeWei : most), 0n);
}

function netWei({ incomeWei, paidWei }: Outcome, counts: (person: Person) => boolean): bigint {
  const total = (books: ReadonlyMap<Person, bigint>) =>
    sum([...books].filter(([person]) => counts(person)).map(([, amountWei]) => amountWei));
  return total(incomeWei) - total(paidWei);
}

function of(books: ReadonlyMap<Person, bigint>, person: Person): bigint {
  return books.get(person) ?? 0n;
}
