import { type NetworkConfig } from "../../config/networkConfig";
import { bpsDown, max, sum } from "../../core/fixedPoint";
import { type Policy } from "../../core/policy/policy";
import { formatExactMdt, parseMdt } from "../../show/amounts";
import {
  type Epoch,
  incomeOf,
  type Miner,
  type Outcome,
  type Payment,
  type Person,
  play,
  type Scores,
  type Seat,
  type Work,
  type World,
} from "./play";

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
  /** What everyone else, or the victim, would have earned without the attack and does not with it; negative: they gain. */
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

/** An attack, and the same attacker behaving honestly; epochs from the first on unless one is named. */
export interface Attack extends Pick<Partial<World>, "firstEpoch" | "dao"> {
  readonly attack: string;
  readonly setting: string;
  readonly attacked: Epoch | readonly Epoch[];
  readonly honest: Epoch | readonly Epoch[];
  /** In force in the attack; missing: the network's. */
  readonly policy?: Policy;
  /** What is paid beside fees in the attack, and what without it. */
  readonly payments?: readonly Payment[];
  readonly honestPayments?: readonly Payment[];
  /** Where it depends on what honesty brings, it is found from that. */
  readonly bound: Bound | ((honest: Outcome) => Bound);
  /** Whose harm is counted; missing: everyone's but the attacker's. */
  readonly victim?: Person;
}

/** A network under attack, what attacks on it are made of, and how they are judged. */
export class Target {
  readonly config: NetworkConfig;
  readonly policy: Policy;
  /** A fifth of the tasks that are expected: a network in ordinary use. */
  readonly ordinaryTasks: number;
  /** The first epoch after the first halving; epoch 0 is before all of them. */
  readonly afterHalving: number;

  constructor(readonly network: Network) {
    this.config = network.config;
    this.policy = network.policy;
    this.ordinaryTasks = Math.ceil(network.policy.maxExpectedTasks / 5);
    this.afterHalving = network.config.emission.halvingIntervalEpochs;
  }

  /** Ten miners of good work, with so many tasks of clients together, of all types in turn. */
  honestMiners(tasks = this.ordinaryTasks): readonly Miner[] {
    const types = this.config.tasks.types.length;
    return Array.from({ length: 10 }, (_, index) =>
      miner("miners", GOOD_BPS, clientsTasks(Math.floor(tasks / 10) + (index < tasks % 10 ? 1 : 0), index % types)),
    );
  }

  /** The same, but the first of them is the attacker's. */
  withOwnMiner(tasks: number, own: Partial<Miner> = {}): readonly Miner[] {
    const [first, ...others] = this.honestMiners(tasks);
    return [{ ...first!, person: "attacker", ...own }, ...others];
  }

  /** What fees limit a miner's pay to that completed so many tasks of the first type, in wei. */
  feeCapWei(tasks: number): bigint {
    return bpsDown(this.config.tasks.types[0]!.minimumFeeWei * BigInt(tasks), this.policy.minerFeeCapBps ?? 0);
  }

  play(epochs: Epoch | readonly Epoch[]): Outcome {
    return play(world(this.network, epochs));
  }

  /** Plays an attack and its honest twin, and judges it. */
  judge(attack: Attack): Row {
    const { firstEpoch = 0, dao = "dao", policy = this.policy, payments = [], honestPayments = [] } = attack;
    const { attack: name, setting, victim, bound } = attack;
    const did = play(world({ ...this.network, policy }, attack.attacked, { firstEpoch, dao, payments }));
    const would = play(world(this.network, attack.honest, { firstEpoch, dao, payments: honestPayments }));
    // Clients of their own free will pay for work that they get.
    const isOther = (person: Person): boolean =>
      victim === undefined ? person !== "attacker" && person !== "clients" : person === victim;
    const gainWei = incomeOf(did, "attacker") - incomeOf(would, "attacker");
    const costWei = (did.paidWei.get("attacker") ?? 0n) - (would.paidWei.get("attacker") ?? 0n);
    const stakeWei = attackersStakeWei(listed(attack.attacked));
    const figures: Figures = {
      stakeWei,
      capitalWei: stakeWei + max(costWei, 0n),
      costWei,
      gainWei,
      profitWei: gainWei - costWei,
      harmWei: netWei(would, isOther) - netWei(did, isOther),
    };
    const { text, holds } = typeof bound === "function" ? bound(would) : bound;
    return { network: this.network.name, attack: name, setting, ...figures, bound: text, holds: holds(figures, did) };
  }
}

/** The most that the attacker has at stake in an epoch. */
function attackersStakeWei(epochs: readonly Epoch[]): bigint {
  const stakes = epochs.map(({ seats }) =>
    sum(
      seats
        .flatMap((seat) => [seat, ...(seat.delegations ?? [])])
        .map(({ person, stakeWei }) => (person === "attacker" ? stakeWei : 0n)),
    ),
  );
  return stakes.reduce((most, stakeWei) => max(most, stakeWei));
}

function netWei({ incomeWei, paidWei }: Outcome, counts: (person: Person) => boolean): bigint {
  const total = (books: ReadonlyMap<Person, bigint>) =>
    sum([...books].map(([person, amountWei]) => (counts(person) ? amountWei : 0n)));
  return total(incomeWei) - total(paidWei);
}

const listed = (epochs: Epoch | readonly Epoch[]): readonly Epoch[] => ("seats" in epochs ? [epochs] : epochs);

/** A network over one epoch, or those that are listed. */
export function world({ config, policy }: Network, epochs: Epoch | readonly Epoch[], more: Partial<World> = {}): World {
  return { config, policy, firstEpoch: 0, epochs: listed(epochs), ...more };
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

export const noHarm: Bound = {
  text: "harm ≤ 0",
  holds: ({ harmWei }) => harmWei <= DUST_WEI,
};

/** Several bounds at once. */
export function both(...bounds: readonly Bound[]): Bound {
  return {
    text: bounds.map(({ text }) => text).join(", "),
    holds: (figures, attacked) => bounds.every(({ holds }) => holds(figures, attacked)),
  };
}

/** Anyone who pays to break someone else's income pays as much as that. */
export const onlyCosts = both(noProfit, {
  text: "harm ≤ cost",
  holds: ({ harmWei, costWei }) => harmWei <= costWei + DUST_WEI,
});

/** Anyone who breaks someone else's income loses as much itself, spent or not earned. */
export const onlyLoses = both(noProfit, {
  text: "harm ≤ what the attacker loses",
  holds: ({ harmWei, profitWei }) => harmWei <= DUST_WEI - profitWei,
});

/** A bound that remains, and why. */
export function profitWithin(limitWei: bigint, reason: string): Bound {
  return {
    text: `profit ≤ ${mdt(limitWei)}: ${reason}`,
    holds: ({ profitWei }) => profitWei <= limitWei + DUST_WEI,
  };
}

/** A bound that remains, and why: the attacker gains nothing by it. */
export function harmWithin(limitWei: bigint, reason: string): Bound {
  return both(noProfit, {
    text: `harm ≤ ${mdt(limitWei)}: ${reason}`,
    holds: ({ harmWei }) => harmWei <= limitWei + DUST_WEI,
  });
}

/** An amount inside a sentence. */
export function mdt(amountWei: bigint): string {
  return `${formatExactMdt(amountWei - (amountWei % 10n ** 14n))} MDT`;
}

/** A whole number for people, with what is counted where that is said. */
export function count(value: number, what?: string): string {
  const digits = value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return what === undefined ? digits : `${digits} ${what}${value === 1 ? "" : "s"}`;
}

/** A score in which honest validators agree: good work, though not perfect. */
export const GOOD_BPS = 9_000;

export const PERFECT_BPS = 10_000;

/** The stake of all validators together in most attacks: ten of 100,000 MDT. */
export const TOTAL_STAKE_WEI = parseMdt("1000000");

/** Says of every miner what its work is worth; idle ones are judged too. */
export const truth: Scores = ({ worthBps }) => worthBps;

/** One seat with so many percent of the stake in most attacks. */
export function share(person: Person, percent: number, scores: Scores | null): Seat {
  return { person, stakeWei: (TOTAL_STAKE_WEI * BigInt(percent)) / 100n, scores };
}

/** Seats that are all alike. */
export function seats(count: number, person: Person, stakeWei: bigint, scores: Scores | null): readonly Seat[] {
  return Array.from({ length: count }, () => ({ person, stakeWei, scores }));
}

/** An epoch in which the attacker's percentage of the stake says something of the miners, and the rest the truth. */
export function voting(percent: number, scores: Scores | null, miners: readonly Miner[]): Epoch {
  const all = [share("attacker", percent, scores), share("validators", 100 - percent, truth)];
  return { seats: all.filter(({ stakeWei }) => stakeWei > 0n), miners };
}

/** Tasks that clients of their own free will pay for. */
export function clientsTasks(count: number, type = 0): Work {
  return { client: "clients", type, count };
}

/** Tasks that the attacker pays for. */
export function boughtTasks(count: number, type = 0, more: Partial<Work> = {}): Work {
  return { client: "attacker", type, count, ...more };
}

export function miner(person: Person, worthBps: number, ...work: readonly Work[]): Miner {
  return { person, worthBps, work };
}

/** The same epoch so many times. */
export function repeated(count: number, epoch: Epoch): readonly Epoch[] {
  return Array.from({ length: count }, () => epoch);
}

/** What is burned for bad work, in wei. */
export function burnedWei({ results }: Outcome): bigint {
  return sum(results.map((result) => result.burnedUnmetQuotaWei));
}
