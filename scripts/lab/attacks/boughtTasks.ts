import { zeroHash } from "viem";
import { BPS, bpsDown, WAD } from "../../core/fixedPoint";
import { settlementOf } from "../../core/settlement";
import { sanityOf } from "../../keeper/run/sanity";
import { parseMdt } from "../../show/amounts";
import {
  boughtTasks,
  type Bound,
  clientsTasks,
  count,
  GOOD_BPS,
  mdt,
  miner,
  noProfit,
  onlyCosts,
  PERFECT_BPS,
  type Row,
  seats,
  type Target,
  truth,
  voting,
} from "./attack";
import { type Epoch, type Miner, type Outcome, type Work } from "./play";

/** The buyers: the percentage of the stake that each has, and who holds the DAO. */
const buyers = [
  { who: "outsider", stakePercent: 0, dao: "dao" },
  { who: "51 % of the stake", stakePercent: 51, dao: "dao" },
  { who: "holder of all stake, miners and the DAO", stakePercent: 100, dao: "attacker" },
  { who: "the DAO's holder, without stake", stakePercent: 0, dao: "attacker" },
] as const;

/**
 * Buying tasks from one's own miner, in a network without other work, where they raise the emission most. Anyone who
 * gains from emission might: a miner from its pool, stake from the validators' pool, the DAO from its share. The honest
 * twin is the same holder, buying nothing. Plays each attack with every task type, and returns the one that pays most.
 */
export function buyingTasks(target: Target): readonly Row[] {
  return buyers.flatMap(({ who, stakePercent, dao }) => {
    const buying = (...work: readonly Work[]): Epoch =>
      voting(stakePercent, truth, [miner("attacker", PERFECT_BPS, ...work)]);
    return [0, target.afterHalving].flatMap((firstEpoch) =>
      [false, true].flatMap((isProven) =>
        [1, 10, 1_000, 10_000].map((tasks) => {
          const rows = target.config.tasks.types.map(({ name }, type) => {
            const what = `${count(tasks, isProven ? "proven task" : "scored task")} of type ${name}`;
            return target.judge({
              attack: "buying tasks",
              setting: `${who}, ${what}, ${firstEpoch === 0 ? "before" : "after"} a halving`,
              attacked: buying(boughtTasks(tasks, type, { isProven })),
              honest: buying(),
              bound: onlyCosts,
              firstEpoch,
              dao,
            });
          });
          return rows.reduce((most, row) => (row.profitWei > most.profitWei ? row : most));
        }),
      ),
    );
  });
}

/** Spending money to burn others' income. The honest twin buys nothing. */
export function junk(target: Target): readonly Row[] {
  return [
    ...[10, 100, 1_000].map((honestTasks) => junkBeside(target, honestTasks)),
    oneExpensiveTask(target, false),
    oneExpensiveTask(target, true),
    easyTasks(target),
  ];
}

/** Worthless tasks beside this many good ones: of several numbers of them, the one that does most harm for its cost. */
function junkBeside(target: Target, honestTasks: number): Row {
  return worst(
    [1, 10, 20, 80, 400, 2_000, 10_000].map((tasks) =>
      beside(target, target.honestMiners(honestTasks), miner("attacker", 0, boughtTasks(tasks)), {
        attack: "junk tasks",
        setting: `${count(tasks, "worthless task")} beside ${count(honestTasks)} honest ones`,
      }),
    ),
  );
}

/**
 * One worthless task with a fee as high as all others' together: fees weight quality. With a proof, it is certain to
 * take its part of the miners' pool.
 */
function oneExpensiveTask(target: Target, isProven: boolean): Row {
  const tasks = target.policy.maxExpectedTasks;
  const feeWei = target.config.tasks.types[0]!.minimumFeeWei * BigInt(tasks);
  return beside(target, target.honestMiners(tasks), miner("attacker", 0, boughtTasks(1, 0, { feeWei, isProven })), {
    attack: isProven ? "proven-fee inflation" : "junk tasks",
    setting: `one ${isProven ? "proven" : "worthless"} task as expensive as ${count(tasks)} others with ${count(tasks)} honest ones`,
  });
}

/** Easy tasks beside hard ones that already exceed the average's floor of tasks: they lower the average difficulty. */
function easyTasks(target: Target): Row {
  const { types } = target.config.tasks;
  const byDifficulty = types.map((_, type) => type).sort((a, b) => types[a]!.difficultyBps - types[b]!.difficultyBps);
  const [easy, hard] = [byDifficulty[0]!, byDifficulty.at(-1)!];
  const tasks = target.policy.maxExpectedTasks;
  return worst(
    [1, 100, tasks].map((bought) =>
      beside(
        target,
        [miner("miners", GOOD_BPS, clientsTasks(tasks, hard))],
        miner("attacker", GOOD_BPS, boughtTasks(bought, easy)),
        {
          attack: "easy tasks",
          setting: `${count(bought, "task")} of type ${types[easy]!.name} beside ${count(tasks)} of type ${types[hard]!.name}`,
        },
      ),
    ),
  );
}

function beside(
  target: Target,
  others: readonly Miner[],
  own: Miner,
  named: { readonly attack: string; readonly setting: string },
): Row {
  const epoch = (work: readonly Work[]): Epoch => ({
    seats: seats(10, "validators", parseMdt("100000"), truth),
    miners: [...others, { ...own, work }],
  });
  return target.judge({ ...named, attacked: epoch(own.work), honest: epoch([]), bound: onlyCosts });
}

/** The row that harms most for what it costs. */
function worst(rows: readonly Row[]): Row {
  return rows.reduce((most, row) => (row.harmWei * most.costWei > most.harmWei * row.costWei ? row : most));
}

/** Junk completed after work has closed counts, and is judged, in the next epoch. The honest twin buys nothing. */
export function closingSlots(target: Target): Row {
  const others = target.honestMiners();
  const epochs = (...bought: readonly number[]) =>
    bought.map((tasks) => voting(0, truth, [...others, miner("attacker", 0, boughtTasks(tasks))]));
  return target.judge({
    attack: "closing slots",
    setting: "1,000 junk tasks completed in the closing slots count for the next epoch",
    attacked: epochs(0, 1_000),
    honest: epochs(0, 0),
    bound: onlyCosts,
  });
}

/** The holder of everything buys half before a halving and half after it. The honest twin buys nothing. */
export function aroundHalving(target: Target): Row {
  const epochs = (...bought: readonly number[]) =>
    bought.map((tasks) => voting(100, truth, [miner("attacker", PERFECT_BPS, boughtTasks(tasks))]));
  return target.judge({
    attack: "around a halving",
    setting: "the holder of everything buys 500 tasks in the epoch before a halving and 500 in the next",
    attacked: epochs(500, 500),
    honest: epochs(0, 0),
    bound: noProfit,
    firstEpoch: target.afterHalving - 1,
    dao: "attacker",
  });
}

/** Epochs that burn little; the last one is compared with them. */
const QUIET_EPOCHS = 6;

/** What the cheapest alarm costs, by junk and by good work: an alarm makes the keeper wait for a human. */
export function keeperNoise(target: Target): readonly Row[] {
  return [
    cheapestAlarm(target, "junk beside ordinary work", 0, target.ordinaryTasks),
    cheapestAlarm(target, "good work in a network without other work", PERFECT_BPS, 0),
  ];
}

/** One task per epoch for some epochs, then as many as an alarm takes. The honest twin buys nothing. */
function cheapestAlarm(target: Target, what: string, worthBps: number, others: number): Row {
  const epochs = (first: number, last: number): readonly Epoch[] =>
    [...Array.from({ length: QUIET_EPOCHS }, () => first), last].map((tasks) =>
      voting(0, truth, [...target.honestMiners(others), miner("attacker", worthBps, boughtTasks(tasks))]),
    );
  const tasks = leastTasks((last) => isAlarming(target, target.play(epochs(1, last))));
  return target.judge({
    attack: "keeper noise",
    setting:
      tasks === undefined
        ? `no number of tasks raises an alarm by ${what}`
        : `${tasks} tasks raise an alarm by ${what}`,
    attacked: tasks === undefined ? epochs(0, 0) : epochs(1, tasks),
    honest: epochs(0, 0),
    bound: alarmCosts(target, tasks !== undefined),
  });
}

/** Share of the ceiling that an epoch may always burn without an alarm. */
const ALARM_FLOOR_BPS = 1_000;

function alarmCosts({ config }: Target, isPossible: boolean): Bound {
  const floorWei = bpsDown(config.emission.baseRewardWei, ALARM_FLOOR_BPS);
  return {
    text: `an alarm costs at least ${mdt(floorWei)}, a tenth of the ceiling`,
    holds: ({ costWei }) => !isPossible || costWei >= floorWei,
  };
}

/** The least number of tasks that is enough, up to about a million; undefined if none is. */
function leastTasks(isEnough: (tasks: number) => boolean): number | undefined {
  let high = 1;
  while (!isEnough(high)) {
    if (high > 1_000_000) return undefined;
    high *= 2;
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Whether the last epoch raises an alarm in a keeper that has settled all others. */
function isAlarming({ config }: Target, { results, inputs }: Outcome): boolean {
  // Roots and hashes play no part in what is unusual.
  const commitments = { rewardsRoot: zeroHash, inputsHash: zeroHash };
  const settlements = results.map((result, epoch) => settlementOf(inputs[epoch]!, result, commitments));
  const last = settlements.at(-1)!;
  const { kind } = sanityOf({
    settlement: last,
    before: new Map(),
    after: new Map([["0x0000000000000000000000000000000000000001", last.minerRewards + last.validatorRewards]]),
    baseRewardWei: config.emission.baseRewardWei,
    halvingIntervalEpochs: config.emission.halvingIntervalEpochs,
    settled: settlements.slice(0, -1),
    maxJumpFactorWad: BigInt(Math.round(config.keeper.maxJumpFactor * 10_000)) * (WAD / BPS),
  });
  return kind !== "sound";
}
