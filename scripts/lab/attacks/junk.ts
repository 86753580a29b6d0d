import { type Miner } from "./network";
import { both, harmWithinCost, judge, type Network, noProfit, type Row } from "./row";
import {
  boughtTasks,
  clientsTasks,
  count,
  GOOD_BPS,
  honestMiners,
  mdtWei,
  miner,
  seats,
  truth,
  world,
} from "./settings";

const validators = seats(10, "validators", mdtWei(100_000), truth);
const bound = both(noProfit, harmWithinCost);

/** Spending money to burn others' income. The honest one buys nothing. */
export function junk(network: Network): readonly Row[] {
  return [
    ...[10, 100, 1_000].map((honestTasks) => junkBeside(network, honestTasks)),
    dearJunk(network),
    dearProof(network),
    easyTasks(network),
  ];
}

/** Worthless tasks beside so many good ones: of several numbers of them the one that harms most beyond its cost. */
function junkBeside(network: Network, honestTasks: number): Row {
  return worst(
    [1, 10, 20, 80, 400, 2_000, 10_000].map((tasks) =>
      beside(network, honestMiners(network, honestTasks), {
        attack: "junk tasks",
        setting: `${count(tasks, "worthless task")} beside ${count(honestTasks)} honest ones`,
        own: miner("attacker", 0, boughtTasks(tasks)),
      }),
    ),
  );
}

/** One worthless task with a fee as high as all others' together: quality is measured by fees. */
function dearJunk(network: Network): Row {
  const tasks = network.policy.maxExpectedTasks;
  const feeWei = network.config.tasks.types[0]!.minimumFeeWei * BigInt(tasks);
  return beside(network, honestMiners(network, tasks), {
    attack: "junk tasks",
    setting: `one worthless task as dear as ${count(tasks)} others beside ${count(tasks)} honest ones`,
    own: miner("attacker", 0, boughtTasks(1, 0, { feeWei })),
  });
}

/** The same with a proof: it takes its part of the miners' pool for sure. */
function dearProof(network: Network): Row {
  const tasks = network.policy.maxExpectedTasks;
  const feeWei = network.config.tasks.types[0]!.minimumFeeWei * BigInt(tasks);
  return beside(network, honestMiners(network, tasks), {
    attack: "proven-fee inflation",
    setting: `one proven task as dear as ${count(tasks)} others beside ${count(tasks)} honest ones`,
    own: miner("attacker", 0, boughtTasks(1, 0, { feeWei, isProven: true })),
  });
}

/** Easy tasks beside hard ones, more than the floor of the average: they lower the average difficulty. */
function easyTasks(network: Network): Row {
  const { types } = network.config.tasks;
  const byDifficulty = types.map((_, type) => type).sort((a, b) => types[a]!.difficultyBps - types[b]!.difficultyBps);
  const [easy, hard] = [byDifficulty[0]!, byDifficulty.at(-1)!];
  const tasks = network.policy.maxExpectedTasks;
  const miners = [miner("miners", GOOD_BPS, clientsTasks(tasks, hard))];
  return worst(
    [1, 100, tasks].map((bought) =>
      beside(network, miners, {
        attack: "easy tasks",
        setting: `${count(bought, "task")} of type ${types[easy]!.name} beside ${count(tasks)} of type ${types[hard]!.name}`,
        own: miner("attacker", GOOD_BPS, boughtTasks(bought, easy)),
      }),
    ),
  );
}

function beside(
  network: Network,
  others: readonly Miner[],
  { attack, setting, own }: { readonly attack: string; readonly setting: string; readonly own: Miner },
): Row {
  return judge(network, {
    attack,
    setting,
    attacked: world(network, { seats: validators, miners: [...others, own] }),
    honest: world(network, { seats: validators, miners: [...others, { ...own, work: [] }] }),
    bound,
  });
}

/** The row that harms most for what it costs. */
function worst(rows: readonly Row[]): Row {
  return rows.reduce((most, row) => (row.harmWei * most.costWei > most.harmWei * row.costWei ? row : most));
}
