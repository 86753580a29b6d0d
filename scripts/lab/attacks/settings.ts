import { mdtWei } from "../mdtWei";
import {
  type Epoch,
  type Miner,
  type Person,
  type Scores,
  type Seat,
  type Work,
  type World,
  type Payment,
} from "./network";
import { type Outcome, play } from "./play";
import { type Network } from "./row";
import { afterRegistration, noRegistration, type PriceParameters, quote } from "../simulator/ledger";

/** A score in which honest validators agree: good work, though not perfect. */
export const GOOD_BPS = 9_000;

export const PERFECT_BPS = 10_000;

/** The stake of all validators together in most attacks: ten of 100,000 MDT. */
export const TOTAL_STAKE_WEI = mdtWei(1_000_000);

/** Says of every miner what its work is worth; idle ones are judged too. */
export const truth: Scores = ({ worthBps }) => worthBps;

/** Reveals an empty list. */
export const nothing: Scores = () => null;

/** One seat with so many percent of the stake in most attacks. */
export function share(person: Person, percent: number, scores: Scores | null): Seat {
  return { person, stakeWei: (TOTAL_STAKE_WEI * BigInt(percent)) / 100n, scores };
}

/** Seats that are all alike. */
export function seats(count: number, person: Person, stakeWei: bigint, scores: Scores | null): readonly Seat[] {
  return Array.from({ length: count }, () => ({ person, stakeWei, scores }));
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

/** Ten miners of good work, with so many tasks of clients together, of all types in turn. */
export function honestMiners({ config }: Network, tasks: number): readonly Miner[] {
  const types = config.tasks.types.length;
  return Array.from({ length: 10 }, (_, index) => {
    const count = Math.floor(tasks / 10) + (index < tasks % 10 ? 1 : 0);
    return miner("miners", GOOD_BPS, ...(count === 0 ? [] : [clientsTasks(count, index % types)]));
  });
}

/** A network over epochs that are all alike unless they are listed. */
export function world(network: Network, epochs: Epoch | readonly Epoch[], more: Partial<World> = {}): World {
  const { config, policy } = network;
  return { config, policy, firstEpoch: 0, epochs: "seats" in epochs ? [epochs] : epochs, ...more };
}

/** The same epoch so many times. */
export function repeated(count: number, epoch: Epoch): readonly Epoch[] {
  return Array.from({ length: count }, () => epoch);
}

/** Tasks as many as a fifth of those expected: a network in ordinary use. */
export function ordinaryTasks({ policy }: Network): number {
  return Math.ceil(policy.maxExpectedTasks / 5);
}

/** The first epoch after the first halving; epoch 0 is before all of them. */
export function afterHalving({ config }: Network): number {
  return config.emission.halvingIntervalEpochs;
}

/** A whole number for people, with what is counted where that is said. */
export function count(value: number, what?: string): string {
  const digits = value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return what === undefined ? digits : `${digits} ${what}${value === 1 ? "" : "s"}`;
}

/** What somebody earns in a world, in wei. */
export function incomeOf(world: World, person: Person): bigint {
  return play(world).incomeWei.get(person) ?? 0n;
}

/** What is burned for bad work, in wei. */
export function burnedWei({ results }: Outcome): bigint {
  return results.reduce((wei, result) => wei + result.burnedUnmetQuotaWei, 0n);
}

/** A registration, at a second from the beginning. */
interface Registration {
  readonly person: Person;
  readonly atSecond: number;
}

/** What everybody pays who registers, in the order given, from the floor on. */
export function registrationPayments(
  price: PriceParameters,
  registrations: readonly Registration[],
): readonly Payment[] {
  let state = noRegistration;
  return registrations.map(({ person, atSecond }) => {
    const amountWei = quote(state, price, BigInt(atSecond));
    state = afterRegistration(amountWei, price, BigInt(atSecond));
    return { person, amountWei };
  });
}

/** How many registrations of one person at once. */
export function atOnce(person: Person, count: number): readonly Registration[] {
  return Array.from({ length: count }, () => ({ person, atSecond: 0 }));
}

/** How many registrations of one person at the rate that leaves the price where it is. */
export function atRate(
  person: Person,
  count: number,
  { intervalSeconds }: Pick<PriceParameters, "intervalSeconds">,
): readonly Registration[] {
  return Array.from({ length: count }, (_, index) => ({ person, atSecond: index * intervalSeconds }));
}
