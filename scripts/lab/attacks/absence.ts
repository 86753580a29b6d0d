import { bpsDown, mulDivDown } from "../../core/fixedPoint";
import { mdtWei } from "../mdtWei";
import { type Epoch, type Scores, type Seat } from "./network";
import { both, harmWithin, judge, type Network, noProfit, type Row } from "./row";
import { honestMiners, ordinaryTasks, seats, share, truth, world } from "./settings";

/** Seats that reveal nothing. */
export function absence(network: Network): readonly Row[] {
  return [absentSeats(network), largeAbsence(network)];
}

/** 30 seats of 32 MDT that reveal every third epoch, for 24 epochs: the honest ones reveal always. */
function absentSeats(network: Network): Row {
  const { config, policy } = network;
  const epochs = 24;
  const smallWei = mdtWei(32);
  const { states, reports } = absenceOf(epochs, config.staking.jailEpochs, (epoch) => epoch % 3 === 2);
  const miners = honestMiners(network, ordinaryTasks(network));
  const honestSeats = seats(10, "validators", mdtWei(50_000), truth);
  const small = seats(30, "attacker", smallWei, truth);
  const slashedWei = bpsDown(30n * smallWei, MISSES_SLASH_BPS) * BigInt(reports);
  const absent = states.filter((state) => state !== "revealing").length;
  const presenceWei = bpsDown(config.emission.baseRewardWei, policy.weightsBps[2]) * BigInt(absent);
  return judge(network, {
    attack: "absent seats",
    setting: `30 seats of 32 MDT beside 500,000 MDT reveal every third of ${epochs} epochs`,
    attacked: world(
      network,
      states.map((state): Epoch => {
        const scores = state === "revealing" ? truth : null;
        const own = small.map((seat): Seat => ({ ...seat, scores, isJailed: state === "jailed" }));
        return { seats: [...honestSeats, ...own], miners };
      }),
      { payments: [{ person: "attacker", amountWei: slashedWei }] },
    ),
    honest: world(
      network,
      states.map((): Epoch => ({ seats: [...honestSeats, ...small], miners })),
    ),
    bound: both(
      noProfit,
      harmWithin(
        mulDivDown(presenceWei, 30n * smallWei, mdtWei(500_000) + 30n * smallWei),
        `0.19 % of the stake decides 0.19 % of what presence brings, for ${absent} epochs`,
      ),
    ),
  });
}

/** 30 % reveal nothing for an epoch: the honest ones say the truth. */
function largeAbsence(network: Network): Row {
  const { config, policy } = network;
  const miners = honestMiners(network, ordinaryTasks(network));
  const voices = (scores: Scores | null) => [share("attacker", 30, scores), share("validators", 70, truth)];
  const presenceWei = bpsDown(config.emission.baseRewardWei, policy.weightsBps[2]);
  return judge(network, {
    attack: "absent seats",
    setting: "30 % of the stake reveal nothing in an epoch",
    attacked: world(network, { seats: voices(null), miners }),
    honest: world(network, { seats: voices(truth), miners }),
    bound: both(
      noProfit,
      harmWithin(mulDivDown(presenceWei, 30n, 100n), "30 % of the stake decide 30 % of what presence brings"),
    ),
  });
}

/** ScoreBoard's: 1 % for three misses within eight epochs in a row, each used once. */
export const MISSES_SLASH_BPS = 100;
export const MISSES_UNTIL_SLASH = 3;
const MISSES_WINDOW_EPOCHS = 8;

type Presence = "revealing" | "missing" | "jailed";

/** Epochs of a seat that reveals by a plan, is reported as soon as it can be, and leaves jail as soon as it may. */
function absenceOf(epochs: number, jailEpochs: number, reveals: (epoch: number) => boolean) {
  const states: Presence[] = [];
  let misses: number[] = [];
  let jailedUntil = 0;
  let jailedFrom = Infinity;
  let reports = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    if (epoch >= jailedFrom && epoch < jailedUntil) {
      states.push("jailed");
      continue;
    }
    states.push(reveals(epoch) ? "revealing" : "missing");
    if (reveals(epoch)) continue;
    misses = [...misses.filter((miss) => miss > epoch - MISSES_WINDOW_EPOCHS), epoch];
    if (misses.length < MISSES_UNTIL_SLASH) continue;
    // The reveal window closes in the next epoch, and jail begins with the one after it.
    [misses, jailedFrom, jailedUntil, reports] = [[], epoch + 2, epoch + 2 + jailEpochs, reports + 1];
  }
  return { states, reports };
}
