import { bpsDown, mulDivDown } from "../../core/fixedPoint";
import { mdtWei } from "../mdtWei";
import { type Scores, type Seat } from "./network";
import { both, harmWithin, judge, type Network, noProfit, profitWithin, type Row } from "./row";
import {
  boughtTasks,
  clientsTasks,
  count,
  GOOD_BPS,
  honestMiners,
  incomeOf,
  miner,
  nothing,
  ordinaryTasks,
  PERFECT_BPS,
  seats,
  share,
  truth,
  world,
} from "./settings";

/** Praises its own miner and condemns the others. */
const selfish: Scores = ({ person }) => (person === "attacker" ? PERFECT_BPS : 0);

/** Others' silence, and one's own. */
export function silence(network: Network): readonly Row[] {
  const { maxExpectedTasks } = network.policy;
  return [
    ...[0, ordinaryTasks(network), maxExpectedTasks].map((tasks) => loneRevealer(network, tasks)),
    lazyAndCartel(network),
    silentAndJunk(network),
    silentAndRivals(network),
  ];
}

/** One validator of 32 MDT reveals while 99 of 10,000 are away: the honest one says the truth, and all reveal. */
function loneRevealer(network: Network, tasks: number): Row {
  const miners = [...honestMiners(network, tasks), miner("attacker", 0)];
  const own = (scores: Scores): Seat => ({ person: "attacker", stakeWei: mdtWei(32), scores });
  const others = (scores: Scores | null) => seats(99, "validators", mdtWei(10_000), scores);
  return judge(network, {
    attack: "lone revealer",
    setting: `32 of 990,032 MDT reveal, with ${count(tasks, "task")} of clients`,
    attacked: world(network, { seats: [own(selfish), ...others(null)], miners }),
    honest: world(network, { seats: [own(truth), ...others(truth)], miners }),
    // The silent lose by their own silence.
    victim: "miners",
    bound: noProfit,
  });
}

/** 30 % reveal nothing of anybody, 21 % condemn all miners, 49 % say the truth: the honest cartel does too. */
function lazyAndCartel(network: Network): Row {
  const miners = honestMiners(network, ordinaryTasks(network));
  const voices = (cartel: Scores) => [
    share("lazy", 30, nothing),
    share("attacker", 21, cartel),
    share("validators", 49, truth),
  ];
  const honest = world(network, { seats: voices(truth), miners });
  return judge(network, {
    attack: "lazy and cartel",
    setting: "21 % of the stake condemn all miners while 30 % say nothing",
    attacked: world(network, { seats: voices(selfish), miners }),
    honest,
    bound: both(noProfit, fallToThreshold(network, incomeOf(honest, "miners"))),
  });
}

/** With a silent half good miners are paid as for θ instead of for their score. */
function fallToThreshold({ policy }: Network, minersWei: bigint) {
  const lost = BigInt(Math.max(0, GOOD_BPS - policy.qualityThresholdBps));
  return harmWithin(
    mulDivDown(minersWei, lost, BigInt(GOOD_BPS)),
    `silence and lies of half of the stake lower a score of 0.9 to θ, and burn nothing`,
  );
}

/** The same lift the attacker's own junk, which it buys, from 0 to θ: the honest one buys nothing. */
function silentAndJunk(network: Network): Row {
  const others = honestMiners(network, ordinaryTasks(network));
  const voices = [share("silent", 30, null), share("attacker", 21, selfish), share("validators", 49, truth)];
  const own = (tasks: number) => miner("attacker", 0, ...(tasks === 0 ? [] : [boughtTasks(tasks)]));
  return judge(network, {
    attack: "silence and junk",
    setting: "21 % of the stake praise 1,000 junk tasks that they bought while 30 % are away",
    attacked: world(network, { seats: voices, miners: [...others, own(1_000)] }),
    honest: world(network, { seats: voices, miners: [...others, own(0)] }),
    bound: noProfit,
  });
}

/** 21 % praise their own miner's bad work for clients and condemn its rivals while 30 % are away: honest, they say the truth. */
function silentAndRivals(network: Network): Row {
  const { config, policy } = network;
  const tasks = ordinaryTasks(network);
  const miners = [...honestMiners(network, tasks), miner("attacker", 1_000, clientsTasks(tasks))];
  const voices = (cartel: Scores) => [
    share("silent", 30, null),
    share("attacker", 21, cartel),
    share("validators", 49, truth),
  ];
  const feesWei = config.tasks.types[0]!.minimumFeeWei * BigInt(tasks);
  const limitWei = bpsDown(bpsDown(feesWei, policy.minerFeeCapBps ?? 0), policy.qualityThresholdBps);
  return judge(network, {
    attack: "silence and rivals",
    setting: `21 % of the stake praise their own bad work on ${count(tasks, "task")} of clients while 30 % are away`,
    attacked: world(network, { seats: voices(selfish), miners }),
    honest: world(network, { seats: voices(truth), miners }),
    bound: profitWithin(
      limitWei,
      `if half of the stake is silent or lies, bad work is paid at most θ of what its fees allow`,
    ),
  });
}
