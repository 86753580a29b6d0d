import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import {
  type Miner,
  type Outcome,
  type Person,
  play,
  type Scores,
  type Seat,
  type Work,
  type World,
} from "../../../scripts/lab/attacks/play";
import { GOOD_BPS, type Network, PERFECT_BPS, share, truth, world } from "../../../scripts/lab/attacks/attack";

/** A random attacker: its stake, its scores, its purchases and its silence. */
export interface Mix {
  readonly attackerPercent: number;
  readonly silentPercent: number;
  /** Honest: it scores truthfully, reveals and buys nothing. Scoring: it scores at will, or not at all. Buying: it also buys. */
  readonly honest: World;
  readonly scoring: World;
  readonly buying: World;
}

/** Random mixes; the same seed gives the same ones. */
export function* mixes(network: Network, seed: number): Generator<Mix> {
  const generator = xoroshiro128plus(seed);
  const between = (low: number, high: number): number => uniformInt(generator, low, high);
  const pick = <T>(...choices: readonly T[]): T => choices[between(0, choices.length - 1)]!;
  const { policy, config } = network;
  const types = config.tasks.types.length;

  const work = (client: Person): Work => {
    const type = between(0, types - 1);
    const count = pick(1, between(1, 50), between(1, policy.maxExpectedTasks), 2 * policy.maxExpectedTasks);
    const feeWei = config.tasks.types[type]!.minimumFeeWei * BigInt(pick(1, 1, 2, between(1, 1_000)));
    return { client, type, count, feeWei, isProven: pick(true, false, false) };
  };
  const several = <T>(most: number, one: () => T): readonly T[] => Array.from({ length: between(0, most) }, one);

  for (;;) {
    const attackerPercent = pick(0, between(1, 49), between(50, 99), 100);
    const silentPercent = between(0, 1) * between(0, 100 - attackerPercent);
    const honestPercent = 100 - attackerPercent - silentPercent;
    const miners: readonly Miner[] = Array.from({ length: between(1, 6) }, () => ({
      person: pick("attacker", "miners"),
      worthBps: pick(0, 1_000, 4_000, 5_000, GOOD_BPS, PERFECT_BPS, between(0, PERFECT_BPS)),
      work: several(2, () => work("clients")),
    }));
    const bought = miners.map(() => several(2, () => work("attacker")));
    const given = miners.map(({ worthBps }) =>
      pick<number | null>(
        null,
        0,
        1_000,
        policy.qualityThresholdBps,
        worthBps,
        worthBps,
        PERFECT_BPS,
        between(0, PERFECT_BPS),
      ),
    );
    const scores: Scores = (_, place) => given[place]!;
    const isRevealing = pick(true, true, true, false);
    const dao = pick("dao", "attacker");
    const seatsOf = (own: Scores | null): readonly Seat[] =>
      [
        share("attacker", attackerPercent, own),
        share("silent", silentPercent, null),
        share("validators", honestPercent, truth),
      ].filter(({ stakeWei }) => stakeWei > 0n);
    const withBought = miners.map((miner, place) => ({ ...miner, work: [...miner.work, ...bought[place]!] }));
    const own = isRevealing ? scores : null;
    yield {
      attackerPercent,
      silentPercent,
      honest: world(network, { seats: seatsOf(truth), miners }, { dao }),
      scoring: world(network, { seats: seatsOf(own), miners }, { dao }),
      buying: world(network, { seats: seatsOf(own), miners: withBought }, { dao }),
    };
  }
}

/** The attacker's balance in the end, and that of everyone else but clients, in wei. */
export function booksOf(world: World): {
  readonly ownWei: bigint;
  readonly othersWei: bigint;
  readonly spentWei: bigint;
  readonly outcome: Outcome;
} {
  const outcome = play(world);
  const spentWei = outcome.paidWei.get("attacker") ?? 0n;
  const ownWei = (outcome.incomeWei.get("attacker") ?? 0n) - spentWei;
  const othersWei = [...outcome.incomeWei].reduce(
    (wei, [person, earned]) => (person === "attacker" ? wei : wei + earned),
    0n,
  );
  return { ownWei, othersWei, spentWei, outcome };
}
