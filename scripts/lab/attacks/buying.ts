import { mdtWei } from "../mdtWei";
import {
  afterHalving,
  boughtTasks,
  count,
  miner,
  PERFECT_BPS,
  share,
  truth,
  world,
  clientsTasks,
  GOOD_BPS,
  honestMiners,
  seats,
} from "./settings";
import { type Epoch, type Work, type World, type Miner } from "./network";
import { both, harmWithinCost, judge, type Network, noProfit, type Row } from "./row";

/** Who buys: its percentage of the stake, and whether it holds the DAO. */
const buyers = [
  { who: "outsider", stakePercent: 0, holdsDao: false },
  { who: "51 % of the stake", stakePercent: 51, holdsDao: false },
  { who: "holder of all stake, miners and the DAO", stakePercent: 100, holdsDao: true },
  { who: "the DAO's holder, without stake", stakePercent: 0, holdsDao: true },
] as const;

const bound = both(noProfit, harmWithinCost);

/**
 * Buying tasks from one's own miner, in a network without other work, where they raise the emission most. Anyone who
 * gains by emission would: a miner by its pool, stake by the validators', the DAO by its share. The same holder who
 * buys nothing is the honest one.
 */
export function buyingTasks(network: Network): readonly Row[] {
  return buyers.flatMap((buyer) =>
    [0, afterHalving(network)].flatMap((firstEpoch) =>
      [false, true].flatMap((isProven) =>
        [1, 10, 1_000, 10_000].map((tasks) => {
          const rows = network.config.tasks.types.map(({ name }, type) => {
            const what = `${count(tasks, isProven ? "proven task" : "scored task")} of type ${name}`;
            return judge(network, {
              attack: "buying tasks",
              setting: `${buyer.who}, ${what}, ${firstEpoch === 0 ? "before" : "after"} a halving`,
              attacked: bought(network, buyer, [boughtTasks(tasks, type, { isProven })], firstEpoch),
              honest: bought(network, buyer, [], firstEpoch),
              bound,
            });
          });
          return bestPaid(rows);
        }),
      ),
    ),
  );
}

function bought(
  network: Network,
  { stakePercent, holdsDao }: (typeof buyers)[number],
  work: readonly Work[],
  firstEpoch: number,
): World {
  const seats = [
    ...(stakePercent > 0 ? [share("attacker", stakePercent, truth)] : []),
    ...(stakePercent < 100 ? [share("validators", 100 - stakePercent, truth)] : []),
  ];
  const epoch: Epoch = { seats, miners: [miner("attacker", PERFECT_BPS, ...work)] };
  return world(network, epoch, { firstEpoch, dao: holdsDao ? "attacker" : "dao" });
}

/** Of the same attack with each type of task the one that pays most. */
function bestPaid(rows: readonly Row[]): Row {
  return rows.reduce((most, row) => (row.profitWei > most.profitWei ? row : most));
}

const validators = seats(10, "validators", mdtWei(100_000), truth);
const junkBound = both(noProfit, harmWithinCost);

/** Spending money to burn others' income. The honest one buys nothing. */
export function junk(network: Network): readonly Row[] {
  return [
    ...[10, 100, 1_000].map((honestTasks) => junkBeside(network, honestTasks)),
    oneExpensiveTask(network, false),
    oneExpensiveTask(network, true),
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

/**
 * One worthless task with a fee as high as all others' together: quality is measured by fees. With a proof it takes its
 * part of the miners' pool for sure.
 */
function oneExpensiveTask(network: Network, isProven: boolean): Row {
  const tasks = network.policy.maxExpectedTasks;
  const feeWei = network.config.tasks.types[0]!.minimumFeeWei * BigInt(tasks);
  return beside(network, honestMiners(network, tasks), {
    attack: isProven ? "proven-fee inflation" : "junk tasks",
    setting: `one ${isProven ? "proven" : "worthless"} task as expensive as ${count(tasks)} others with ${count(tasks)} honest ones`,
    own: miner("attacker", 0, boughtTasks(1, 0, { feeWei, isProven })),
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
    bound: junkBound,
  });
}

/** The row that harms most for what it costs. */
function worst(rows: readonly Row[]): Row {
  return rows.reduce((most, row) => (row.harmWei * most.costWei > most.harmWei * row.costWei ? row : most));
}
