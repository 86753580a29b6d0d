import { parseMdt } from "../../show/amounts";
import { type PriceParameters, RegistrationPrice } from "../simulator/ledger";
import { type Policy } from "../../core/policy/policy";
import {
  both,
  boughtTasks,
  type Bound,
  clientsTasks,
  count,
  GOOD_BPS,
  harmWithin,
  mdt,
  miner,
  noProfit,
  onlyCosts,
  PERFECT_BPS,
  repeated,
  type Row,
  seats,
  type Target,
  truth,
  voting,
} from "./attack";
import { type Epoch, incomeOf, type Miner, type Payment, type Person, type Scores, type Seat } from "./play";

/** A registration, at a time in seconds from the beginning. */
interface Registration {
  readonly person: Person;
  readonly atSecond: number;
}

/** What each registration costs, in the order given; the first one costs the floor. */
export function registrationPayments(
  parameters: PriceParameters,
  registrations: readonly Registration[],
): readonly Payment[] {
  const price = new RegistrationPrice(parameters);
  return registrations.map(({ person, atSecond }) => ({ person, amountWei: price.register(atSecond) }));
}

/** Registrations of one person at a fixed interval: 0 s is all at once; the price's own interval keeps it steady. */
export function registrations(person: Person, count: number, everySeconds: number): readonly Registration[] {
  return Array.from({ length: count }, (_, index) => ({ person, atSecond: index * everySeconds }));
}

/** What the attacker pays for registering this many miners at once. */
export function minersAtOnce({ config }: Target, count: number): readonly Payment[] {
  return registrationPayments(config.minerPrice, registrations("attacker", count, 0));
}

/** Honest miners in ordinary use, and `own`. Ten validators score truthfully: all miners, or only the first `known`. */
function amongHonest(target: Target, own: readonly Miner[], known = Infinity, tasks = target.ordinaryTasks): Epoch {
  const scores: Scores = (one, place) => (place < known ? truth(one, place) : null);
  return {
    seats: seats(10, "validators", parseMdt("100000"), scores),
    miners: [...target.honestMiners(tasks), ...own],
  };
}

/** Registering more miners than the work needs, and work that nobody has scored. */
export function sybils(target: Target): readonly Row[] {
  return [splitMiner(target), idleMiner(target), newcomer(target), freshMiners(target)];
}

/** One miner's tasks, split among twenty miners. The honest twin serves them with one. */
function splitMiner(target: Target): Row {
  const split = (into: number): Epoch =>
    amongHonest(
      target,
      Array.from({ length: into }, () => miner("attacker", GOOD_BPS, clientsTasks(100 / into))),
    );
  return target.judge({
    attack: "sybil miners",
    setting: "100 tasks of clients split among 20 miners instead of one",
    attacked: split(20),
    payments: minersAtOnce(target, 20),
    honest: split(1),
    honestPayments: minersAtOnce(target, 1),
    bound: onlyCosts,
  });
}

/** A miner that everyone praises and nobody gives a task. The honest twin does not register. */
function idleMiner(target: Target): Row {
  return target.judge({
    attack: "idle miner",
    setting: "a miner without a task that all validators score 1",
    attacked: amongHonest(target, [miner("attacker", PERFECT_BPS)]),
    payments: minersAtOnce(target, 1),
    honest: amongHonest(target, []),
    bound: onlyCosts,
  });
}

const burnsNothing: Bound = {
  text: "silence burns nothing",
  holds: (_, { results }) => results.every(({ burnedUnmetQuotaWei }) => burnedUnmetQuotaWei === 0n),
};

/** Not an attack: an honest newcomer with 1,500 tasks beside 1,000 others. Only in the honest twin is it scored. */
function newcomer(target: Target): Row {
  const own = [miner("attacker", GOOD_BPS, clientsTasks(1_500))];
  return target.judge({
    attack: "unscored newcomer",
    setting: "1,500 tasks of a miner that nobody has scored, beside 1,000 others",
    attacked: amongHonest(target, own, 10, 1_000),
    honest: amongHonest(target, own, Infinity, 1_000),
    bound: both(noProfit, burnsNothing),
  });
}

/** Junk bought from a new miner each day, which no validator scores. The honest twin buys nothing. */
function freshMiners(target: Target): Row {
  const days = [0, 1, 2, 3, 4];
  const epoch = (today: number): Epoch => {
    const own = days.map((day) => miner("attacker", 0, boughtTasks(day === today ? 100 : 0)));
    return amongHonest(target, own, 10);
  };
  return target.judge({
    attack: "unscored newcomer",
    setting: "100 junk tasks a day, each day from a new miner that nobody has scored",
    attacked: days.map(epoch),
    payments: registrationPayments(target.config.minerPrice, registrations("attacker", days.length, 86_400)),
    honest: repeated(days.length, amongHonest(target, [])),
    bound: onlyCosts,
  });
}

/** Epochs that the victim is away: until the taken seat counts, then until the victim, back in it, counts again. */
const VICTIM_AWAY_EPOCHS = 4;

/**
 * 99 seats of 10,000 MDT, 49 of them the attacker's, and the smallest with 1,500. The attacker evicts that one with as
 * much stake, unstakes in the same epoch and waits for its money. The honest twin delegates that money to one of its
 * seats.
 */
export function eviction(target: Target): Row {
  const { config, policy } = target;
  const { exitDelayEpochs, seatSafeEpochs } = config.staking;
  const lostEpochs = VICTIM_AWAY_EPOCHS + bondEpochs(policy);
  const [largeWei, smallWei] = [parseMdt("10000"), parseMdt("1500")];
  const others = [...seats(50, "validators", largeWei, truth), ...seats(48, "attacker", largeWei, truth)];
  const own: Seat = { person: "attacker", stakeWei: largeWei, scores: truth };
  const epoch = (isVictimThere: boolean, delegatedWei: bigint): Epoch => ({
    seats: [
      ...others,
      { ...own, delegations: [{ person: "attacker", stakeWei: delegatedWei }] },
      { person: "victim", stakeWei: isVictimThere ? smallWei : 0n, scores: isVictimThere ? truth : null },
    ],
    miners: target.honestMiners(),
  });
  const epochs = Math.max(exitDelayEpochs, VICTIM_AWAY_EPOCHS);
  const pair = [...registrations("attacker", 1, 0), ...registrations("victim", 1, 0)];
  const payments = registrationPayments(config.validatorPrice, pair);
  return target.judge({
    attack: "seat eviction",
    setting: `49 of 100 seats evict the smallest, of 1,500 MDT, and wait ${exitDelayEpochs} epochs for their money`,
    attacked: Array.from({ length: epochs }, (_, index) =>
      epoch(index >= VICTIM_AWAY_EPOCHS, index < exitDelayEpochs ? 0n : smallWei),
    ),
    payments,
    honest: repeated(epochs, epoch(true, smallWei)),
    victim: "victim",
    bound: (honest) =>
      harmWithin(
        (incomeOf(honest, "victim") * BigInt(lostEpochs)) / BigInt(epochs) + payments[1]!.amountWei,
        `${lostEpochs} epochs' pay and a new registration, at most once in ${seatSafeEpochs} epochs after a seat was taken`,
      ),
  });
}

/** Most epochs of dividends that a validator loses until its lost bonds are back: bonds move by a part per epoch. */
function bondEpochs({ validatorRule, bondsMovingAverage }: Policy): number {
  return validatorRule === "stake" ? 0 : Math.ceil(1_000_000 / Math.max(1, 1_000_000 - bondsMovingAverage));
}

/**
 * The attacker has all seats, with the least stake, and registers each again whenever it could be evicted, so that
 * nobody else gets a seat. Counts the second such period, when the price has risen. The honest twin does not register.
 */
export function shutDoor(target: Target): Row {
  const { validatorPrice, staking, clock } = target.config;
  const { seats: seatCount, seatSafeEpochs } = staking;
  const periodSeconds = seatSafeEpochs * clock.slotsPerEpoch * clock.slotSeconds;
  const all = Array.from({ length: 2 * seatCount }, (_, index) => ({
    person: "attacker",
    atSecond: Math.floor((index * periodSeconds) / seatCount),
  }));
  const leastWei = (validatorPrice.ceilingWei * BigInt(seatCount)) / 2n;
  return target.judge({
    attack: "shut door",
    setting: `${seatCount} seats registered again every ${seatSafeEpochs} epochs, so that none can be evicted`,
    attacked: voting(0, truth, []),
    payments: registrationPayments(validatorPrice, all).slice(seatCount),
    honest: voting(0, truth, []),
    bound: {
      text: `costs at least ${mdt(leastWei)} in ${seatSafeEpochs} epochs: half of the price's ceiling a seat`,
      holds: ({ costWei }) => costWei >= leastWei,
    },
  });
}

/**
 * Ten registrations at once, then newcomers who pay whatever registering costs, at the rate that leaves the price where
 * it is. The honest twin does not register.
 */
export function pricePumping(target: Target): Row {
  const { minerPrice } = target.config;
  const { intervalSeconds, floorWei } = minerPrice;
  const newcomers = registrations("newcomers", 100, intervalSeconds);
  const pumped = registrationPayments(minerPrice, [...registrations("attacker", 10, 0), ...newcomers]);
  const epoch = voting(0, truth, target.honestMiners());
  return target.judge({
    attack: "price pumping",
    setting: `ten miners at once, then ${newcomers.length} newcomers, one every ${count(intervalSeconds)} s, who do not wait`,
    attacked: epoch,
    payments: pumped,
    honest: epoch,
    honestPayments: registrationPayments(minerPrice, newcomers),
    bound: harmWithin(
      (pumped[10]!.amountWei - floorWei) * BigInt(newcomers.length),
      `a newcomer that waits ten intervals of ${count(intervalSeconds)} s pays the floor again`,
    ),
  });
}
