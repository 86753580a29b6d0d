import { zeroHash } from "viem";
import { BPS, bpsDown, WAD } from "../../core/fixedPoint";
import { settlementOf } from "../../core/settlement";
import { sanityOf } from "../../keeper/run/sanity";
import { type Epoch, type Miner, type Seat } from "./network";
import { type Outcome, play } from "./play";
import { type Bound, judge, mdt, type Network, type Row } from "./row";
import { boughtTasks, honestMiners, miner, ordinaryTasks, PERFECT_BPS, share, truth, world } from "./settings";

/** Epochs that burn little, which the last one is compared with. */
const QUIET_EPOCHS = 6;

/** An alarm makes the keeper wait for a human: what the cheapest one costs, by junk and by good work. */
export function keeperNoise(network: Network): readonly Row[] {
  return [
    cheapestAlarm(network, "junk beside ordinary work", 0, ordinaryTasks(network)),
    cheapestAlarm(network, "good work in a network without other work", PERFECT_BPS, 0),
  ];
}

/** A task a day for some days, and then as many as it takes: the honest one buys nothing. */
function cheapestAlarm(network: Network, what: string, worthBps: number, others: number): Row {
  const own = (tasks: number): Miner => miner("attacker", worthBps, ...(tasks === 0 ? [] : [boughtTasks(tasks)]));
  const seats: readonly Seat[] = [share("validators", 100, truth)];
  const epochs = (first: number, last: number): readonly Epoch[] =>
    [...Array.from({ length: QUIET_EPOCHS }, () => first), last].map((tasks) => ({
      seats,
      miners: [...honestMiners(network, others), own(tasks)],
    }));
  const tasks = leastTasks((last) => isAlarming(network, play(world(network, epochs(1, last)))));
  return judge(network, {
    attack: "keeper noise",
    setting:
      tasks === undefined
        ? `no number of tasks raises an alarm by ${what}`
        : `${tasks} tasks raise an alarm by ${what}`,
    attacked: world(network, tasks === undefined ? epochs(0, 0) : epochs(1, tasks)),
    honest: world(network, epochs(0, 0)),
    bound: alarmCosts(network, tasks !== undefined),
  });
}

/** What may always be burned, as a share of the ceiling: no less raises an alarm. */
const ALARM_FLOOR_BPS = 1_000;

function alarmCosts({ config }: Network, isPossible: boolean): Bound {
  const floorWei = bpsDown(config.emission.baseRewardWei, ALARM_FLOOR_BPS);
  return {
    text: `an alarm costs at least ${mdt(floorWei)}, a tenth of the ceiling`,
    holds: ({ costWei }) => !isPossible || costWei >= floorWei,
  };
}

/** The least number that does it, up to a million; undefined if none. */
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

/** Whether the keeper, which has settled all epochs but the last, waits with that one. */
function isAlarming({ config }: Network, { results, inputs }: Outcome): boolean {
  const settlements = results.map((result, epoch) => settlementOf(inputs[epoch]!, result, NO_COMMITMENTS));
  const last = settlements.at(-1)!;
  const { kind } = sanityOf({
    settlement: last,
    before: new Map(),
    after: new Map([[ANYBODY, last.minerRewards + last.validatorRewards]]),
    baseRewardWei: config.emission.baseRewardWei,
    halvingIntervalEpochs: config.emission.halvingIntervalEpochs,
    settled: settlements.slice(0, -1),
    maxJumpFactorWad: BigInt(Math.round(config.keeper.maxJumpFactor * 10_000)) * (WAD / BPS),
  });
  return kind !== "sound";
}

/** Roots and hashes play no part in what is unusual. */
const NO_COMMITMENTS = { rewardsRoot: zeroHash, inputsHash: zeroHash };

const ANYBODY = "0x0000000000000000000000000000000000000001";
