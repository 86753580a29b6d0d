import { bpsDown, mulDivDown } from "../../core/fixedPoint";
import {
  type Attack,
  both,
  boughtTasks,
  burnedWei,
  clientsTasks,
  count,
  feeCapWei,
  GOOD_BPS,
  harmWithin,
  honestMiners,
  judge,
  miner,
  type Network,
  noHarm,
  noProfit,
  onlyCosts,
  ordinaryTasks,
  PERFECT_BPS,
  profitWithin,
  type Row,
  truth,
  voting,
  withOwnMiner,
} from "./attack";
import { condemn, mine, sayNothing } from "./minorities";
import { incomeOf, type Miner, type Outcome, type Scores } from "./play";
import { minersAtOnce } from "./registering";

/** What half of the stake can do by its scores. The honest one says the truth. */
export function cartels(network: Network): readonly Row[] {
  return [
    idleSybils(network),
    ownJunk(network),
    undoneBurn(network),
    praisedOwnWork(network),
    rivals(network, "condemn", condemn),
    rivals(network, "say nothing about", sayNothing),
    rivals(network, "give θ to", () => network.policy.qualityThresholdBps),
    condemnAll(network),
    condemnedProofs(network),
  ];
}

/** The same part of the stake and the same miners on both sides: only what it says of them differs. */
function judgeLies(
  network: Network,
  percent: number,
  scores: Scores,
  miners: readonly Miner[],
  attack: Pick<Attack, "attack" | "setting" | "bound" | "victim">,
): Row {
  return judge(network, {
    ...attack,
    attacked: voting(percent, scores, miners),
    honest: voting(percent, truth, miners),
  });
}

/** 51 % score the one miner that does all the work 0.5, and 20 idle ones of their own 1. */
function idleSybils(network: Network): Row {
  const worker = miner("miners", GOOD_BPS, clientsTasks(network.policy.maxExpectedTasks));
  const idle = Array.from({ length: 20 }, () => miner("attacker", PERFECT_BPS));
  const halved = mine(() => 5_000);
  return judge(network, {
    attack: "51 % with idle sybils",
    setting: `51 % of the stake give the only working miner 0.5 and 20 idle ones 1`,
    attacked: voting(51, halved, [worker, ...idle]),
    payments: minersAtOnce(network, idle.length),
    honest: voting(51, truth, [worker]),
    bound: (honest) =>
      harmWithin(incomeOf(honest, "miners"), "half of the stake decides scores: at most all of miners' pay"),
  });
}

/** 51 % praise their own worthless tasks, which they buy. */
function ownJunk(network: Network): Row {
  const epoch = (scores: Scores, tasks: number) =>
    voting(51, scores, [...honestMiners(network, ordinaryTasks(network)), miner("attacker", 0, boughtTasks(tasks))]);
  return judge(network, {
    attack: "51 % with junk",
    setting: "51 % of the stake give 1 to 1,000 worthless tasks that they bought",
    attacked: epoch(mine(truth), 1_000),
    honest: epoch(truth, 0),
    bound: onlyCosts,
  });
}

/** What 51 % of the stake would get of what is burned, if it were not. */
function shareOfBurn({ policy }: Network, honest: Outcome): bigint {
  return mulDivDown(bpsDown(burnedWei(honest), policy.validatorShareBps), 51n, 100n);
}

/** 51 % score work 0.9 that is worth 0.2, so that nothing burns. */
function undoneBurn(network: Network): Row {
  const miners = honestMiners(network, network.policy.maxExpectedTasks).map((one) => ({ ...one, worthBps: 2_000 }));
  return judgeLies(network, 51, () => GOOD_BPS, miners, {
    attack: "undone burn",
    setting: "51 % of the stake give 0.9 to all work, which is worth 0.2",
    bound: (honest) =>
      profitWithin(
        shareOfBurn(network, honest),
        "half of the stake may prevent a deserved burn, and gets its part like everybody",
      ),
  });
}

/** 51 % do all clients' work worthlessly and score it 1. */
function praisedOwnWork(network: Network): Row {
  const tasks = network.policy.maxExpectedTasks;
  return judgeLies(network, 51, mine(truth), [miner("attacker", 0, clientsTasks(tasks))], {
    attack: "51 % with bad work",
    setting: `51 % of the stake give 1 to their own worthless work on ${count(tasks, "task")} of clients`,
    bound: (honest) =>
      profitWithin(
        feeCapWei(network, tasks) + shareOfBurn(network, honest),
        "half of the stake decides scores: fees limit what is paid, and it ends when clients leave",
      ),
  });
}

/** 51 % with one working miner of ten lower the nine others. */
function rivals(network: Network, how: string, scores: Scores): Row {
  const miners = withOwnMiner(network, network.policy.maxExpectedTasks);
  return judgeLies(network, 51, mine(scores), miners, {
    attack: "51 % with a working miner",
    setting: `51 % of the stake ${how} the nine rivals of their own miner`,
    bound: profitWithin(
      feeCapWei(network, miners[0]!.work[0]!.count),
      "half of the stake decides scores: its own miner gets at most what its clients' fees allow",
    ),
  });
}

/** 51 % give everybody zero: they lose with the others. */
function condemnAll(network: Network): Row {
  const { maxExpectedTasks, qualityThresholdBps } = network.policy;
  return judgeLies(network, 51, condemn, honestMiners(network, maxExpectedTasks), {
    attack: "51 % condemn everybody",
    setting: `51 % of the stake give 0 to ${count(maxExpectedTasks, "good task")}`,
    bound: (honest) =>
      harmWithin(
        incomeOf(honest, "miners") +
          bpsDown(incomeOf(honest, "validators") + incomeOf(honest, "dao"), qualityThresholdBps),
        "half of the stake decides scores: miners' pay, and θ of what the others earn",
      ),
  });
}

/** 60 % give a miner that proves its work zero, and their own miner, whose work scores judge, 1. */
function condemnedProofs(network: Network): Row {
  const tasks = ordinaryTasks(network);
  const prover = miner("prover", PERFECT_BPS, { ...clientsTasks(tasks), isProven: true });
  return judgeLies(network, 60, mine(condemn), [prover, miner("attacker", PERFECT_BPS, clientsTasks(tasks))], {
    attack: "60 % against proven work",
    setting: `60 % of the stake give 0 to a miner that proved ${count(tasks, "task")}`,
    victim: "prover",
    bound: both(noProfit, noHarm),
  });
}
