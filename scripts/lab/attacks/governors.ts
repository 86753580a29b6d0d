import { bpsDown, ONE_IN_BPS } from "../../core/fixedPoint";
import { feeFloorWei } from "../../core/taskFees";
import { type Epoch } from "./network";
import { play } from "./play";
import { both, harmWithin, harmWithinCost, judge, type Network, noProfit, profitWithin, type Row } from "./row";
import {
  boughtTasks,
  clientsTasks,
  count,
  honestMiners,
  incomeOf,
  miner,
  ordinaryTasks,
  PERFECT_BPS,
  share,
  truth,
  world,
} from "./settings";

/** Whoever holds the role that sets task types. */
export function taskGovernor(network: Network): readonly Row[] {
  return [...cheapTypes(network), dearTypes(network), emptyProofs(network)];
}

/**
 * The least fees that a thief of the role can set, with the most and the least difficulty, and all stake, miners and the
 * DAO to gain by them: the honest one buys nothing.
 */
function cheapTypes(network: Network): readonly Row[] {
  return [ONE_IN_BPS, 1].flatMap((difficultyBps) =>
    [1, 1_000, 10_000].map((tasks) => {
      const { config } = network;
      const minimumFeeWei = feeFloorWei(config.tasks, difficultyBps);
      const cheapest = { name: "cheapest", difficultyBps, minimumFeeWei, verifier: null, modelHash: null };
      const stolen: Network = { ...network, config: { ...config, tasks: { ...config.tasks, types: [cheapest] } } };
      const epoch = (bought: number): Epoch => ({
        seats: [share("attacker", 100, truth)],
        miners: [miner("attacker", PERFECT_BPS, ...(bought === 0 ? [] : [boughtTasks(bought)]))],
      });
      return judge(stolen, {
        attack: "stolen task governor",
        setting: `the holder of everything buys ${count(tasks, "task")} of ${difficultyBps / 100} % difficulty at the lowest fee`,
        attacked: world(stolen, epoch(tasks), { dao: "attacker" }),
        honest: world(stolen, epoch(0), { dao: "attacker" }),
        bound: both(noProfit, harmWithinCost),
      });
    }),
  );
}

/** A type whose verifier accepts anything: what clients pay for it is paid for without any work. */
function emptyProofs(network: Network): Row {
  const { config, policy } = network;
  const tasks = ordinaryTasks(network);
  const epoch = (isProven: boolean): Epoch => ({
    seats: [share("validators", 100, truth)],
    miners: [...honestMiners(network, tasks), miner("attacker", 0, { ...clientsTasks(tasks), isProven })],
  });
  const feesWei = BigInt(tasks) * config.tasks.types[0]!.minimumFeeWei;
  return judge(network, {
    attack: "stolen task governor",
    setting: `a verifier that accepts anything, and ${count(tasks, "worthless task")} of clients`,
    attacked: world(network, epoch(true)),
    honest: world(network, epoch(false)),
    bound: profitWithin(
      bpsDown(feesWei, policy.minerFeeCapBps ?? 0),
      "what is proven is what the governor's verifier accepts: fees limit what is paid, and clients who leave end it",
    ),
  });
}

/** Fees that no client can pay: the thief gains nothing. */
function dearTypes(network: Network): Row {
  const epoch = (tasks: number): Epoch => ({
    seats: [share("validators", 100, truth)],
    miners: honestMiners(network, tasks),
  });
  const honest = world(network, epoch(ordinaryTasks(network)));
  const [emittedWei, emittedIdleWei] = [honest, world(network, epoch(0))].map(
    (one) => play(one).results[0]!.emission.emissionWei,
  );
  return judge(network, {
    attack: "stolen task governor",
    setting: "fees so high that no client comes, for an epoch",
    attacked: world(network, epoch(0)),
    honest,
    bound: both(
      noProfit,
      harmWithin(
        emittedWei! - emittedIdleWei! + incomeOf(honest, "miners"),
        "what work brings and what miners are paid, until the admin has replaced the governor",
      ),
    ),
  });
}
