import { mulDivDown, sum } from "../../core/fixedPoint";
import { accountOfMiner, type Miner, type Scores, type World } from "./network";
import { play } from "./play";
import { both, harmWithinLoss, judge, type Network, noProfit, profitWithin, type Row } from "./row";
import { honestMiners, share, truth, world, PERFECT_BPS } from "./settings";

/** What less than half of the stake can do by its scores. The honest one says the truth. */
export function minorities(network: Network): readonly Row[] {
  return [...minorityWithFriend(network), spreadOfScores(network)];
}

/** 30 and 49 % score nobody but one miner of ten, which is theirs, in a network at full use. */
function minorityWithFriend(network: Network): readonly Row[] {
  const [friend, ...others] = honestMiners(network, network.policy.maxExpectedTasks);
  const miners: readonly Miner[] = [{ ...friend!, person: "attacker" }, ...others];
  return [30, 49].map((percent) =>
    judge(network, {
      attack: "minority with a friend",
      setting: `${percent} % of the stake score only one miner of ten`,
      attacked: voting(network, percent, mine(sayNothing), miners),
      honest: voting(network, percent, truth, miners),
      bound: both(noProfit, harmWithinLoss),
    }),
  );
}

/** Three honest validators differ by a tenth each way, and 49 % move each score to the end of that spread which suits them. */
function spreadOfScores(network: Network): Row {
  const [own, ...others] = honestMiners(network, network.policy.maxExpectedTasks);
  const miners: readonly Miner[] = [{ ...own!, person: "attacker" }, ...others].map((one) => ({
    ...one,
    worthBps: 8_000,
  }));
  const judging = [7_200, 8_000, 8_800].map((scoreBps) => share("validators", 17, () => scoreBps));
  const voting49 = (scores: Scores) => world(network, { seats: [share("attacker", 49, scores), ...judging], miners });
  const honest = voting49(truth);
  const { rewards } = play(honest).results[0]!.miners;
  const minerWei = sum(
    rewards.filter(({ account }) => account === accountOfMiner(0)).map(({ amountWei }) => amountWei),
  );
  return judge(network, {
    attack: "minority in the spread",
    setting: "49 % of the stake praise their own miner, one of ten, while honest scores are 22 % apart",
    attacked: voting49(mine(condemn)),
    honest,
    bound: profitWithin(
      mulDivDown(minerWei, 88n - 72n, 72n),
      "nearly half of the stake chooses within the spread of honest scores: its miner gains at most that spread",
    ),
  });
}

/** Scores the attacker's miners 1, and all others otherwise. */
export const mine =
  (others: Scores): Scores =>
  (one, place) =>
    one.person === "attacker" ? PERFECT_BPS : others(one, place);

/** Says nothing of anybody. */
export const sayNothing: Scores = () => null;

/** Scores everybody 0. */
export const condemn: Scores = () => 0;

/** The attacker's part of the stake says one thing, all others the truth. */
export function voting(
  network: Network,
  percent: number,
  scores: Scores,
  miners: readonly Miner[],
  more: Partial<World> = {},
) {
  const seats = [share("attacker", percent, scores), share("validators", 100 - percent, truth)];
  return world(network, { seats, miners }, more);
}
