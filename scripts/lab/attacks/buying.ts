import { afterHalving, boughtTasks, count, miner, PERFECT_BPS, share, truth, world } from "./settings";
import { type Epoch, type Work, type World } from "./network";
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
 * Buying tasks from one's own miner, in a network without other work, where they raise the emission most. Whoever gains
 * by emission would: a miner by its pool, stake by the validators', the DAO by its share. The same holder who buys
 * nothing is the honest one.
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
          return dearest(rows);
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
function dearest(rows: readonly Row[]): Row {
  return rows.reduce((most, row) => (row.profitWei > most.profitWei ? row : most));
}
