import { bpsDown, mulDivDown } from "../../core/fixedPoint";
import { type Miner, type Scores } from "./network";
import { play } from "./play";
import {
  atOnce,
  registrationPayments,
  boughtTasks,
  burnedWei,
  clientsTasks,
  count,
  GOOD_BPS,
  honestMiners,
  incomeOf,
  miner,
  ordinaryTasks,
  PERFECT_BPS,
  truth,
} from "./settings";
import { both, harmWithin, harmWithinCost, judge, type Network, noHarm, noProfit, profitWithin, type Row } from "./row";
import { condemn, mine, sayNothing, voting } from "./minorities";

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

/** 51 % score the one miner that does all the work 0.5, and 20 idle ones of their own 1. */
function idleSybils(network: Network): Row {
  const worker = miner("miners", GOOD_BPS, clientsTasks(network.policy.maxExpectedTasks));
  const idle = Array.from({ length: 20 }, () => miner("attacker", PERFECT_BPS));
  const honest = voting(network, 51, truth, [worker]);
  return judge(network, {
    attack: "51 % with idle sybils",
    setting: `51 % of the stake give the only working miner 0.5 and 20 idle ones 1`,
    attacked: voting(
      network,
      51,
      mine(() => 5_000),
      [worker, ...idle],
      {
        payments: registrationPayments(network.config.minerPrice, atOnce("attacker", 20)),
      },
    ),
    honest,
    bound: both(
      noProfit,
      harmWithin(incomeOf(honest, "miners"), "half of the stake decides scores: at most all of miners' pay"),
    ),
  });
}

/** 51 % praise their own worthless tasks, which they buy. */
function ownJunk(network: Network): Row {
  const others = honestMiners(network, ordinaryTasks(network));
  const own = (tasks: number) => miner("attacker", 0, ...(tasks === 0 ? [] : [boughtTasks(tasks)]));
  return judge(network, {
    attack: "51 % with junk",
    setting: "51 % of the stake give 1 to 1,000 worthless tasks that they bought",
    attacked: voting(network, 51, mine(truth), [...others, own(1_000)]),
    honest: voting(network, 51, truth, [...others, own(0)]),
    bound: both(noProfit, harmWithinCost),
  });
}

/** 51 % score work 0.9 that is worth 0.2, so that nothing burns. */
function undoneBurn(network: Network): Row {
  const miners = honestMiners(network, network.policy.maxExpectedTasks).map((one) => ({ ...one, worthBps: 2_000 }));
  const honest = voting(network, 51, truth, miners);
  const { validatorShareBps } = network.policy;
  const limitWei = mulDivDown(bpsDown(burnedWei(play(honest)), validatorShareBps), 51n, 100n);
  return judge(network, {
    attack: "undone burn",
    setting: "51 % of the stake give 0.9 to all work, which is worth 0.2",
    attacked: voting(network, 51, () => GOOD_BPS, miners),
    honest,
    bound: profitWithin(limitWei, "half of the stake may prevent a deserved burn, and gets its part like everybody"),
  });
}

/** 51 % do all clients' work worthlessly and score it 1. */
function praisedOwnWork(network: Network): Row {
  const { config, policy } = network;
  const tasks = policy.maxExpectedTasks;
  const miners = [miner("attacker", 0, clientsTasks(tasks))];
  const honest = voting(network, 51, truth, miners);
  const capWei = bpsDown(config.tasks.types[0]!.minimumFeeWei * BigInt(tasks), policy.minerFeeCapBps ?? 0);
  const burnShareWei = mulDivDown(bpsDown(burnedWei(play(honest)), policy.validatorShareBps), 51n, 100n);
  return judge(network, {
    attack: "51 % with bad work",
    setting: `51 % of the stake give 1 to their own worthless work on ${count(tasks, "task")} of clients`,
    attacked: voting(network, 51, mine(truth), miners),
    honest,
    bound: profitWithin(
      capWei + burnShareWei,
      "half of the stake decides scores: fees limit what is paid, and it ends when clients leave",
    ),
  });
}

/** 51 % with one working miner of ten lower the nine others. */
function rivals(network: Network, how: string, scores: Scores): Row {
  const { config, policy } = network;
  const tasks = policy.maxExpectedTasks;
  const [own, ...others] = honestMiners(network, tasks);
  const miners: readonly Miner[] = [{ ...own!, person: "attacker" }, ...others];
  const honest = voting(network, 51, truth, miners);
  const feesWei = own!.work.reduce(
    (wei, { type, count: n }) => wei + BigInt(n) * config.tasks.types[type]!.minimumFeeWei,
    0n,
  );
  const capWei = bpsDown(feesWei, policy.minerFeeCapBps ?? 0);
  const reason = "half of the stake decides scores: its own miner gets at most what its clients' fees allow";
  return judge(network, {
    attack: "51 % with a working miner",
    setting: `51 % of the stake ${how} the nine rivals of their own miner`,
    attacked: voting(network, 51, mine(scores), miners),
    honest,
    bound: profitWithin(capWei, reason),
  });
}

/** 51 % give everybody zero: they lose with the others. */
function condemnAll(network: Network): Row {
  const miners = honestMiners(network, network.policy.maxExpectedTasks);
  const honest = voting(network, 51, truth, miners);
  const { qualityThresholdBps } = network.policy;
  const othersWei = incomeOf(honest, "validators") + incomeOf(honest, "dao");
  const limitWei = incomeOf(honest, "miners") + bpsDown(othersWei, qualityThresholdBps);
  return judge(network, {
    attack: "51 % condemn everybody",
    setting: `51 % of the stake give 0 to ${count(network.policy.maxExpectedTasks, "good task")}`,
    attacked: voting(network, 51, condemn, miners),
    honest,
    bound: both(
      noProfit,
      harmWithin(limitWei, "half of the stake decides scores: miners' pay, and θ of what the others earn"),
    ),
  });
}

/** 60 % give a miner that proves its work zero, and their own miner, whose work scores judge, 1. */
function condemnedProofs(network: Network): Row {
  const tasks = ordinaryTasks(network);
  const prover = miner("prover", PERFECT_BPS, { ...clientsTasks(tasks), isProven: true });
  const miners = [prover, miner("attacker", PERFECT_BPS, clientsTasks(tasks))];
  return judge(network, {
    attack: "60 % against proven work",
    setting: `60 % of the stake give 0 to a miner that proved ${count(tasks, "task")}`,
    attacked: voting(network, 60, mine(condemn), miners),
    honest: voting(network, 60, truth, miners),
    bound: both(noProfit, noHarm),
    victim: "prover",
  });
}
