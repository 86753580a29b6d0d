import { type Epoch, type Miner, type Scores } from "./network";
import { mdtWei } from "../mdtWei";
import {
  atOnce,
  registrationPayments,
  boughtTasks,
  clientsTasks,
  GOOD_BPS,
  honestMiners,
  miner,
  ordinaryTasks,
  PERFECT_BPS,
  seats,
  truth,
  world,
} from "./settings";
import { both, type Bound, harmWithinCost, judge, type Network, noProfit, type Row } from "./row";

/** Ten validators who say the truth, of everybody or of those that they have heard of. */
const validators = (scores: Scores = truth) => seats(10, "validators", mdtWei(100_000), scores);

/** Registering more than the work needs, and work that nobody has scored. */
export function sybils(network: Network): readonly Row[] {
  return [splitMiner(network), idleMiner(network), newcomer(network), freshMiners(network)];
}

/** One miner's clients, split among twenty miners: the honest one serves them as one. */
function splitMiner(network: Network): Row {
  const own = (split: number): readonly Miner[] =>
    Array.from({ length: split }, () => miner("attacker", GOOD_BPS, clientsTasks(100 / split)));
  const split = (into: number) =>
    world(network, withMiners(network, own(into)), { payments: registered(network, into) });
  return judge(network, {
    attack: "sybil miners",
    setting: "100 tasks of clients split among 20 miners instead of one",
    attacked: split(20),
    honest: split(1),
    bound: both(noProfit, harmWithinCost),
  });
}

/** A miner that everybody praises and nobody gives a task: the honest one does not register. */
function idleMiner(network: Network): Row {
  return judge(network, {
    attack: "idle miner",
    setting: "a miner without a task that all validators score 1",
    attacked: world(network, withMiners(network, [miner("attacker", PERFECT_BPS)]), {
      payments: registered(network, 1),
    }),
    honest: world(network, withMiners(network, [])),
    bound: both(noProfit, harmWithinCost),
  });
}

const burnsNothing: Bound = {
  text: "silence burns nothing",
  holds: (_, { results }) => results.every(({ burnedUnmetQuotaWei }) => burnedUnmetQuotaWei === 0n),
};

/** No attack: an honest newcomer with 1,500 tasks beside 1,000, of whom validators say nothing instead of the truth. */
function newcomer(network: Network): Row {
  const miners = [...honestMiners(network, 1_000), miner("attacker", GOOD_BPS, clientsTasks(1_500))];
  return judge(network, {
    attack: "unscored newcomer",
    setting: "1,500 tasks of a miner that nobody has scored, beside 1,000 others",
    attacked: world(network, { seats: validators(onlyKnown(10)), miners }),
    honest: world(network, { seats: validators(), miners }),
    bound: both(noProfit, burnsNothing),
  });
}

/** Junk that is bought from a new miner each day, of which no validator has heard: the honest one buys nothing. */
function freshMiners(network: Network): Row {
  const days = 5;
  const epoch = (today: number): Epoch => {
    const own = Array.from({ length: days }, (_, day) =>
      miner("attacker", 0, ...(day === today ? [boughtTasks(100)] : [])),
    );
    return { seats: validators(onlyKnown(10)), miners: [...honestMiners(network, ordinaryTasks(network)), ...own] };
  };
  const daily = Array.from({ length: days }, (_, day) => ({ person: "attacker", atSecond: day * 86_400 }));
  return judge(network, {
    attack: "unscored newcomer",
    setting: "100 junk tasks a day, each day from a new miner that nobody has scored",
    attacked: world(network, Array.from(Array(days).keys(), epoch), {
      payments: registrationPayments(network.config.minerPrice, daily),
    }),
    honest: world(
      network,
      Array.from({ length: days }, () => withMiners(network, [])),
    ),
    bound: both(noProfit, harmWithinCost),
  });
}

/** Validators who say the truth of the first miners and nothing of the others. */
function onlyKnown(known: number): Scores {
  return (miner, place) => (place < known ? truth(miner, place) : null);
}

function withMiners(network: Network, own: readonly Miner[]): Epoch {
  return { seats: validators(), miners: [...honestMiners(network, ordinaryTasks(network)), ...own] };
}

function registered({ config }: Network, count: number) {
  return registrationPayments(config.minerPrice, atOnce("attacker", count));
}
