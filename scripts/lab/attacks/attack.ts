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
  /** The attacker's stake, and all that it needs: the stake, which it gets back, and what it spends. */
  readonly stakeWei: bigint;
  readonly capitalWei: bigint;
  /** Fees, registrations and slashes that an honest attacker would not have paid. */
  readonly costWei: bigint;
  /** Its income, less what it would have earned honestly. */
  readonly gainWei: bigint;
  readonly profitWei: bigint;
  /** How much less everyone else, or the victim, nets than without the attack; negative if they gain. */
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

/** What must hold for an attack. */
export interface Bound {
  readonly text: string;
  readonly holds: (figures: Figures, attacked: Outcome) => boolean;
}

/** An attack, and its honest twin: the same attacker, honest. Both start in epoch 0 if `firstEpoch` is missing. */
export interface Attack extends Pick<Partial<World>, "firstEpoch" | "dao"> {
  readonly attack: string;
  readonly setting: string;
  readonly attacked: Epoch | readonly Epoch[];
  readonly honest: Epoch | readonly Epoch[];
  /** The policy in force in the attack; if missing, the network's. */
  readonly policy?: Policy;
  /** Payments besides fees, in the attack and without it. */
  readonly payments?: readonly Payment[];
  readonly honestPayments?: readonly Payment[];
  /** A function if the bound depends on what the honest twin earns. */
  readonly bound: Bound | ((honest: Outcome) => Bound);
  /** Whose harm counts; if missing, everyone's but the attacker's and the clients'. */
  readonly victim?: Person;
}

/** A network under attack: builds attacks on it, and judges them. */
export class Target {
  readonly config: NetworkConfig;
  readonly policy: Policy;
  /** A fifth of the expected tasks, rounded up: a network in ordinary use. */
  readonly ordinaryTasks: number;
  /** The first epoch after the first halving; epoch 0 is before all of them. */
  readonly afterHalving: number;

  constructor(readonly network: Network) {
    this.config = network.config;
    this.policy = network.policy;
    this.ordinaryTasks = Math.ceil(network.policy.maxExpectedTasks / 5);
    this.afterHalving = network.config.emission.halvingIntervalEpochs;
  }

  /** Ten good miners that share this many tasks of clients. Types take turns, one per miner. */
  honestMiners(tasks = this.ordinaryTasks): readonly Miner[] {
    const types = this.config.tasks.types.length;
    return Array.from({ length: 10 }, (_, index) =>
      miner("miners", GOOD_BPS, clientsTasks(Math.floor(tasks / 10) + (index < tasks % 10 ? 1 : 0), index % types)),
    );
  }

  /** The same ten, but the first is the attacker's. */
  withOwnMiner(tasks: number, own: Partial<Miner> = {}): readonly Miner[] {
    const [first, ...others] = this.honestMiners(tasks);
    return [{ ...first!, person: "attacker", ...own }, ...others];
  }

  /** The most that fees let a miner earn with this many tasks of the first type, in wei. */
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
    // Clients pay for work that they want and get: that's no harm.
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

/** The attacker's highest stake in any of the epochs, in wei. */
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

/** A network over one epoch or several. */
export function world({ config, policy }: Network, epochs: Epoch | readonly Epoch[], more: Partial<World> = {}): World {
  return { config, policy, firstEpoch: 0, epochs: listed(epochs), ...more };
}

/**
 * The most that rounding moves in the epochs of an attack. Each floor moves a wei; Yuma's shares, which have 32 binary
 * digits, move less than a millionth of an MDT per epoch.
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

/** No profit, and breaking others' income costs at least as much as it breaks. */
export const onlyCosts = both(noProfit, {
  text: "harm ≤ cost",
  holds: ({ harmWei, costWei }) => harmWei <= costWei + DUST_WEI,
});

/** No profit, and the attacker loses, spent or not earned, at least as much as it breaks of others' income. */
export const onlyLoses = both(noProfit, {
  text: "harm ≤ what the attacker loses",
  holds: ({ harmWei, profitWei }) => harmWei <= DUST_WEI - profitWei,
});

/** Allows a profit that remains possible, and says why. */
export function profitWithin(limitWei: bigint, reason: string): Bound {
  return {
    text: `profit ≤ ${mdt(limitWei)}: ${reason}`,
    holds: ({ profitWei }) => profitWei <= limitWei + DUST_WEI,
  };
}

/** Allows harm that remains possible, and says why; the attacker gains nothing by it. */
export function harmWithin(limitWei: bigint, reason: string): Bound {
  return both(noProfit, {
    text: `harm ≤ ${mdt(limitWei)}: ${reason}`,
    holds: ({ harmWei }) => harmWei <= limitWei + DUST_WEI,
  });
}

/** An amount for use in a sentence, cut to four decimals. */
export function mdt(amountWei: bigint): string {
  return `${formatExactMdt(amountWei - (amountWei % 10n ** 14n))} MDT`;
}

/** A whole number for people, followed by `what` is counted, if given. */
export function count(value: number, what?: string): string {
  const digits = value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return what === undefined ? digits : `${digits} ${what}${value === 1 ? "" : "s"}`;
}

/** The score that honest validators agree on: good work, but not perfect. */
export const GOOD_BPS = 9_000;

export const PERFECT_BPS = 10_000;

/** Total stake of all validators in most attacks: ten times 100,000 MDT. */
export const TOTAL_STAKE_WEI = parseMdt("1000000");

/** Scores every miner, idle ones too, by what its work is worth. */
export const truth: Scores = ({ worthBps }) => worthBps;

/** One seat with this percentage of `TOTAL_STAKE_WEI`. */
export function share(person: Person, percent: number, scores: Scores | null): Seat {
  return { person, stakeWei: (TOTAL_STAKE_WEI * BigInt(percent)) / 100n, scores };
}

/** Seats that are all alike. */
export function seats(count: number, person: Person, stakeWei: bigint, scores: Scores | null): readonly Seat[] {
  return Array.from({ length: count }, () => ({ person, stakeWei, scores }));
}

/** An epoch in which this percentage of the stake is the attacker's and scores as given; the rest scores truthfully. */
export function voting(percent: number, scores: Scores | null, miners: readonly Miner[]): Epoch {
  const all = [share("attacker", percent, scores), share("validators", 100 - percent, truth)];
  return { seats: all.filter(({ stakeWei }) => stakeWei > 0n), miners };
}

/** Tasks that clients pay for because they want them. */
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

/** The same epoch, `count` times. */
export function repeated(count: number, epoch: Epoch): readonly Epoch[] {
  return Array.from({ length: count }, () => epoch);
}

/** What is burned for bad work, in wei. */
export function burnedWei({ results }: Outcome): bigint {
  return sum(results.map((result) => result.burnedUnmetQuotaWei));
}
