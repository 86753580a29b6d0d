import { bpsDown, mulDivDown } from "../../core/fixedPoint";
import {
  type Attack,
  both,
  boughtTasks,
  burnedWei,
  clientsTasks,
  count,
  GOOD_BPS,
  harmWithin,
  miner,
  noHarm,
  noProfit,
  onlyCosts,
  PERFECT_BPS,
  profitWithin,
  type Row,
  type Target,
  truth,
  voting,
} from "./attack";
import { condemn, mine, sayNothing } from "./minorities";
import { incomeOf, type Miner, type Outcome, type Scores } from "./play";
import { minersAtOnce } from "./registering";

/** What half of the stake can do by its scores. The honest twin scores truthfully. */
export function cartels(target: Target): readonly Row[] {
  return [
    idleSybils(target),
    ownJunk(target),
    undoneBurn(target),
    praisedOwnWork(target),
    rivals(target, "condemn", condemn),
    rivals(target, "say nothing about", sayNothing),
    rivals(target, "give θ to", () => target.policy.qualityThresholdBps),
    condemnAll(target),
    condemnedProofs(target),
  ];
}

/** The attacker has the same stake and the same miners as its honest twin: only its scores differ. */
function judgeLies(
  target: Target,
  percent: number,
  scores: Scores,
  miners: readonly Miner[],
  attack: Pick<Attack, "attack" | "setting" | "bound" | "victim">,
): Row {
  return target.judge({
    ...attack,
    attacked: voting(percent, scores, miners),
    honest: voting(percent, truth, miners),
  });
}

/** 51 % give 0.5 to the one miner that does all the work, and 1 to 20 idle ones of their own. */
function idleSybils(target: Target): Row {
  const worker = miner("miners", GOOD_BPS, clientsTasks(target.policy.maxExpectedTasks));
  const idle = Array.from({ length: 20 }, () => miner("attacker", PERFECT_BPS));
  const halved = mine(() => 5_000);
  return target.judge({
    attack: "51 % with idle sybils",
    setting: `51 % of the stake give the only working miner 0.5 and 20 idle ones 1`,
    attacked: voting(51, halved, [worker, ...idle]),
    payments: minersAtOnce(target, idle.length),
    honest: voting(51, truth, [worker]),
    bound: (honest) =>
      harmWithin(incomeOf(honest, "miners"), "half of the stake decides scores: at most all of miners' pay"),
  });
}

/** 51 % praise their own worthless tasks, which they buy. */
function ownJunk(target: Target): Row {
  const epoch = (scores: Scores, tasks: number) =>
    voting(51, scores, [...target.honestMiners(), miner("attacker", 0, boughtTasks(tasks))]);
  return target.judge({
    attack: "51 % with junk",
    setting: "51 % of the stake give 1 to 1,000 worthless tasks that they bought",
    attacked: epoch(mine(truth), 1_000),
    honest: epoch(truth, 0),
    bound: onlyCosts,
  });
}

/** What 51 % of the stake would get of the burned amount if it weren't burned, in wei. */
function shareOfBurn({ policy }: Target, honest: Outcome): bigint {
  return mulDivDown(bpsDown(burnedWei(honest), policy.validatorShareBps), 51n, 100n);
}

/** 51 % give 0.9 to work that is worth 0.2, so that nothing burns. */
function undoneBurn(target: Target): Row {
  const miners = target.honestMiners(target.policy.maxExpectedTasks).map((one) => ({ ...one, worthBps: 2_000 }));
  return judgeLies(target, 51, () => GOOD_BPS, miners, {
    attack: "undone burn",
    setting: "51 % of the stake give 0.9 to all work, which is worth 0.2",
    bound: (honest) =>
      profitWithin(
        shareOfBurn(target, honest),
        "half of the stake may prevent a deserved burn, and gets its part like everyone",
      ),
  });
}

/** 51 % do worthless work on all of the clients' tasks and score it 1. */
function praisedOwnWork(target: Target): Row {
  const tasks = target.policy.maxExpectedTasks;
  return judgeLies(target, 51, mine(truth), [miner("attacker", 0, clientsTasks(tasks))], {
    attack: "51 % with bad work",
    setting: `51 % of the stake give 1 to their own worthless work on ${count(tasks, "task")} of clients`,
    bound: (honest) =>
      profitWithin(
        target.feeCapWei(tasks) + shareOfBurn(target, honest),
        "half of the stake decides scores: fees limit what is paid, and it ends when clients leave",
      ),
  });
}

/** 51 % own one of ten working miners, and lower the scores of the other nine. */
function rivals(target: Target, how: string, scores: Scores): Row {
  const miners = target.withOwnMiner(target.policy.maxExpectedTasks);
  return judgeLies(target, 51, mine(scores), miners, {
    attack: "51 % with a working miner",
    setting: `51 % of the stake ${how} the nine rivals of their own miner`,
    bound: profitWithin(
      target.feeCapWei(miners[0]!.work[0]!.count),
      "half of the stake decides scores: its own miner gets at most what its clients' fees allow",
    ),
  });
}

/** 51 % give everyone zero: they lose with the others. */
function condemnAll(target: Target): Row {
  const { maxExpectedTasks, qualityThresholdBps } = target.policy;
  return judgeLies(target, 51, condemn, target.honestMiners(maxExpectedTasks), {
    attack: "51 % condemn everyone",
    setting: `51 % of the stake give 0 to ${count(maxExpectedTasks, "good task")}`,
    bound: (honest) =>
      harmWithin(
        incomeOf(honest, "miners") +
          bpsDown(incomeOf(honest, "validators") + incomeOf(honest, "dao"), qualityThresholdBps),
        "half of the stake decides scores: miners' pay, and θ of what the others earn",
      ),
  });
}

/** 60 % give 0 to a miner that proves its work, and 1 to their own miner, whose work is scored. */
function condemnedProofs(target: Target): Row {
  const tasks = target.ordinaryTasks;
  const prover = miner("prover", PERFECT_BPS, { ...clientsTasks(tasks), isProven: true });
  return judgeLies(target, 60, mine(condemn), [prover, miner("attacker", PERFECT_BPS, clientsTasks(tasks))], {
    attack: "60 % against proven work",
    setting: `60 % of the stake give 0 to a miner that proved ${count(tasks, "task")}`,
    victim: "prover",
    bound: both(noProfit, noHarm),
  });
}
