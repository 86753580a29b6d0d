import { bpsDown, mulDivDown, sum } from "../../core/fixedPoint";
import { parseMdt } from "../../show/amounts";
import {
  boughtTasks,
  clientsTasks,
  count,
  GOOD_BPS,
  harmWithin,
  miner,
  noProfit,
  onlyLoses,
  PERFECT_BPS,
  profitWithin,
  type Row,
  seats,
  share,
  type Target,
  truth,
  voting,
} from "./attack";
import { accountOfMiner, type Epoch, incomeOf, type Miner, type Scores, type Seat } from "./play";

/** Scores the attacker's miners 1, and all others by another rule. */
export const mine =
  (others: Scores): Scores =>
  (one, place) =>
    one.person === "attacker" ? PERFECT_BPS : others(one, place);

/** Scores nobody: reveals an empty list. */
export const sayNothing: Scores = () => null;

/** Scores everyone 0. */
export const condemn: Scores = () => 0;

/** Praises its own miner and condemns the others. */
const selfish = mine(condemn);

/** Attacks that others' silence helps. Unless a comment says otherwise, the honest twin scores truthfully. */
export function silence(target: Target): readonly Row[] {
  const { maxExpectedTasks } = target.policy;
  return [
    ...[0, target.ordinaryTasks, maxExpectedTasks].map((tasks) => loneRevealer(target, tasks)),
    lazyAndCartel(target),
    silentAndJunk(target),
    silentAndRivals(target),
  ];
}

/** One validator with 32 MDT reveals while 99 with 10,000 MDT each are away. Without the attack, all reveal. */
function loneRevealer(target: Target, tasks: number): Row {
  const miners = [...target.honestMiners(tasks), miner("attacker", 0)];
  const epoch = (scores: Scores, others: Scores | null): Epoch => {
    const own: Seat = { person: "attacker", stakeWei: parseMdt("32"), scores };
    return { seats: [own, ...seats(99, "validators", parseMdt("10000"), others)], miners };
  };
  return target.judge({
    attack: "lone revealer",
    setting: `32 of 990,032 MDT reveal, with ${count(tasks, "task")} of clients`,
    attacked: epoch(selfish, null),
    honest: epoch(truth, truth),
    // The silent lose by their own silence.
    victim: "miners",
    bound: noProfit,
  });
}

/** 21 % of the stake score as given, 49 % truthfully, and 30 % not at all: they are away, or reveal an empty list. */
function besideSilence(scores: Scores, miners: readonly Miner[], silent: Scores | null = null): Epoch {
  return {
    seats: [share("silent", 30, silent), share("attacker", 21, scores), share("validators", 49, truth)],
    miners,
  };
}

/** If half of the stake is silent or lies, good miners are paid as for θ instead of for their score. */
function lazyAndCartel(target: Target): Row {
  const miners = target.honestMiners();
  const lost = BigInt(Math.max(0, GOOD_BPS - target.policy.qualityThresholdBps));
  return target.judge({
    attack: "lazy and cartel",
    setting: "21 % of the stake condemn all miners while 30 % say nothing",
    attacked: besideSilence(selfish, miners, sayNothing),
    honest: besideSilence(truth, miners, sayNothing),
    bound: (honest) =>
      harmWithin(
        mulDivDown(incomeOf(honest, "miners"), lost, BigInt(GOOD_BPS)),
        `silence and lies of half of the stake lower a score of 0.9 to θ, and burn nothing`,
      ),
  });
}

/** The same stake lifts the attacker's own junk, which it buys, from 0 to θ. The honest twin buys nothing. */
function silentAndJunk(target: Target): Row {
  const epoch = (tasks: number): Epoch =>
    besideSilence(selfish, [...target.honestMiners(), miner("attacker", 0, boughtTasks(tasks))]);
  return target.judge({
    attack: "silence and junk",
    setting: "21 % of the stake praise 1,000 junk tasks that they bought while 30 % are away",
    attacked: epoch(1_000),
    honest: epoch(0),
    bound: noProfit,
  });
}

/** 21 % praise their own miner's bad work for clients and condemn its rivals while 30 % are away. */
function silentAndRivals(target: Target): Row {
  const tasks = target.ordinaryTasks;
  const miners = [...target.honestMiners(tasks), miner("attacker", 1_000, clientsTasks(tasks))];
  return target.judge({
    attack: "silence and rivals",
    setting: `21 % of the stake praise their own bad work on ${count(tasks, "task")} of clients while 30 % are away`,
    attacked: besideSilence(selfish, miners),
    honest: besideSilence(truth, miners),
    bound: profitWithin(
      bpsDown(target.feeCapWei(tasks), target.policy.qualityThresholdBps),
      `if half of the stake is silent or lies, bad work is paid at most θ of what its fees allow`,
    ),
  });
}

/** What less than half of the stake can do by its scores. The honest twin scores truthfully. */
export function minorities(target: Target): readonly Row[] {
  return [...minorityWithFriend(target), spreadOfScores(target)];
}

/** 30 % or 49 % score only one miner of ten, their own, in a network at full use. */
function minorityWithFriend(target: Target): readonly Row[] {
  const miners = target.withOwnMiner(target.policy.maxExpectedTasks);
  return [30, 49].map((percent) =>
    target.judge({
      attack: "minority with a friend",
      setting: `${percent} % of the stake score only one miner of ten`,
      attacked: voting(percent, mine(sayNothing), miners),
      honest: voting(percent, truth, miners),
      bound: onlyLoses,
    }),
  );
}

/** Three honest validators differ by a tenth each way; 49 % move each score to their preferred end of that spread. */
function spreadOfScores(target: Target): Row {
  const miners = target.withOwnMiner(target.policy.maxExpectedTasks).map((one) => ({ ...one, worthBps: 8_000 }));
  const judging = [7_200, 8_000, 8_800].map((scoreBps) => share("validators", 17, () => scoreBps));
  const voting49 = (scores: Scores): Epoch => ({ seats: [share("attacker", 49, scores), ...judging], miners });
  return target.judge({
    attack: "minority in the spread",
    setting: "49 % of the stake praise their own miner, one of ten, while honest scores are 22 % apart",
    attacked: voting49(selfish),
    honest: voting49(truth),
    bound: ({ results }) => {
      const own = results[0]!.miners.rewards.filter(({ account }) => account === accountOfMiner(0));
      return profitWithin(
        mulDivDown(sum(own.map(({ amountWei }) => amountWei)), 88n - 72n, 72n),
        "nearly half of the stake chooses within the spread of honest scores: its miner gains at most that spread",
      );
    },
  });
}
