import { bpsDown } from "../../core/fixedPoint";
import { mdtWei } from "../mdtWei";
import { type Epoch, type Miner, type Scores, type Seat } from "./network";
import { both, harmWithinCost, harmWithinLoss, judge, type Network, noProfit, profitWithin, type Row } from "./row";
import {
  afterHalving,
  boughtTasks,
  honestMiners,
  miner,
  nothing,
  ordinaryTasks,
  PERFECT_BPS,
  share,
  truth,
  world,
} from "./settings";

/** Judging less than everything, and choosing the moment. Unless a line says otherwise the honest one says the truth. */
export function scoring(network: Network): readonly Row[] {
  return [
    ...lessWork(network),
    ownDelegation(network),
    ...withheldResults(network),
    someValidatorsOnly(network),
    closingSlots(network),
    aroundHalving(network),
  ];
}

/** What 10 % of the stake may do instead of looking; all but the last two say nothing of part of the work. */
const shortcuts: Readonly<Record<string, Scores>> = {
  "reveals an empty list": nothing,
  "leaves half of the miners out": (one, place) => (place % 2 === 0 ? null : truth(one, place)),
  "always scores 1": () => PERFECT_BPS,
  "copies the scores of the epoch before": (_, place) => (place === 0 ? 5_000 : 9_000),
};

function lessWork(network: Network): readonly Row[] {
  const miners = honestMiners(network, ordinaryTasks(network));
  const voting = (scores: Scores) =>
    world(network, { seats: [share("attacker", 10, scores), share("validators", 90, truth)], miners });
  return Object.entries(shortcuts).map(([how, scores]) =>
    judge(network, {
      attack: how.startsWith("copies") ? "copied scores" : how.startsWith("always") ? "always 1" : "leaving miners out",
      setting: `10 % of the stake ${how}`,
      attacked: voting(scores),
      honest: voting(truth),
      bound: both(noProfit, harmWithinLoss),
    }),
  );
}

/** A validator delegates to itself from another account and takes commission: the honest one has all as its own stake. */
function ownDelegation(network: Network): Row {
  const miners = honestMiners(network, ordinaryTasks(network));
  const others = share("validators", 90, truth);
  const own: Seat = {
    ...share("attacker", 2, truth),
    commissionBps: 1_800,
    delegations: [{ person: "attacker", stakeWei: mdtWei(80_000) }],
  };
  return judge(network, {
    attack: "self-delegation",
    setting: "80,000 of 100,000 MDT delegated to oneself at 18 % commission",
    attacked: world(network, { seats: [own, others], miners }),
    honest: world(network, { seats: [share("attacker", 10, truth), others], miners }),
    bound: both(noProfit, harmWithinCost),
  });
}

/** A miner does worthless work and shows none of it, so that nobody sees how bad it is: the honest one shows it. */
function withheldResults(network: Network): readonly Row[] {
  const [own, ...others] = honestMiners(network, ordinaryTasks(network));
  const miners: readonly Miner[] = [{ ...own!, person: "attacker", worthBps: 0 }, ...others];
  const voting = (unseen: Scores) =>
    world(network, { seats: [share("lenient", 51, unseen), share("validators", 49, truth)], miners });
  const unsaid: Scores = (one, place) => (one.person === "attacker" ? null : truth(one, place));
  const { config, policy } = network;
  const feesWei = config.tasks.types[0]!.minimumFeeWei * BigInt(Math.floor(ordinaryTasks(network) / 10));
  const limitWei = bpsDown(bpsDown(feesWei, policy.minerFeeCapBps ?? 0), policy.qualityThresholdBps);
  const served = { attack: "withheld results", honest: voting(truth) };
  return [
    judge(network, {
      ...served,
      setting: "one miner of ten serves nothing, and scorers give 0 for it",
      attacked: voting(truth),
      bound: both(noProfit, harmWithinCost),
    }),
    judge(network, {
      ...served,
      setting: "one miner of ten serves nothing, and the scorers of 51 % of the stake say nothing about it",
      attacked: voting(unsaid),
      bound: profitWithin(
        limitWei,
        "silence pays θ of what its fees allow: scorers should give 0 for what nobody serves",
      ),
    }),
  ];
}

/** A miner serves its results to 51 % of the stake only, and the others score it 0: the honest one serves all. */
function someValidatorsOnly(network: Network): Row {
  const [own, ...others] = honestMiners(network, ordinaryTasks(network));
  const miners: readonly Miner[] = [{ ...own!, person: "attacker" }, ...others];
  const unserved: Scores = (one, place) => (one.person === "attacker" ? 0 : truth(one, place));
  const voting = (scores: Scores) =>
    world(network, { seats: [share("served", 51, truth), share("unserved", 49, scores)], miners });
  return judge(network, {
    attack: "serving some validators",
    setting: "one miner of ten serves 51 % of the stake and not the others",
    attacked: voting(unserved),
    honest: voting(truth),
    bound: both(noProfit, harmWithinLoss),
  });
}

/** Junk completed when work has closed counts for the next epoch, whose validators judge it: the honest one buys nothing. */
function closingSlots(network: Network): Row {
  const others = honestMiners(network, ordinaryTasks(network));
  const voices = [share("validators", 100, truth)];
  const epochs = (tasks: number): readonly Epoch[] => [
    { seats: voices, miners: [...others, miner("attacker", 0)] },
    { seats: voices, miners: [...others, miner("attacker", 0, ...(tasks === 0 ? [] : [boughtTasks(tasks)]))] },
  ];
  return judge(network, {
    attack: "closing slots",
    setting: "1,000 junk tasks completed in the closing slots count for the next epoch",
    attacked: world(network, epochs(1_000)),
    honest: world(network, epochs(0)),
    bound: both(noProfit, harmWithinCost),
  });
}

/** The holder of everything buys half before a halving and half after it: the honest one buys nothing. */
function aroundHalving(network: Network): Row {
  const epochs = (...counts: readonly number[]): readonly Epoch[] =>
    counts.map((tasks) => ({
      seats: [share("attacker", 100, truth)],
      miners: [miner("attacker", PERFECT_BPS, ...(tasks === 0 ? [] : [boughtTasks(tasks)]))],
    }));
  const more = { firstEpoch: afterHalving(network) - 1, dao: "attacker" };
  return judge(network, {
    attack: "around a halving",
    setting: "the holder of everything buys 500 tasks in the epoch before a halving and 500 in the next",
    attacked: world(network, epochs(500, 500), more),
    honest: world(network, epochs(0, 0), more),
    bound: noProfit,
  });
}
