import { bpsDown, max, mulDivDown } from "../../core/fixedPoint";
import { parseMdt } from "../../show/amounts";
import {
  harmWithin,
  mdt,
  miner,
  PERFECT_BPS,
  profitWithin,
  type Row,
  seats,
  share,
  type Target,
  TOTAL_STAKE_WEI,
  truth,
  voting,
} from "./attack";
import { blockRewardsWei, type Epoch, incomeOf, type Scores, type Seat } from "./play";

/** Seats that reveal nothing. */
export function absence(target: Target): readonly Row[] {
  return [absentSeats(target), largeAbsence(target)];
}

/** The most that presence adds to an epoch's emission, in wei. */
function presenceWei({ config, policy }: Target): bigint {
  return bpsDown(config.emission.baseRewardWei, policy.weightsBps[2]);
}

/** 30 seats of 32 MDT that reveal in only every third of 24 epochs. The honest twin always reveals. */
function absentSeats(target: Target): Row {
  const epochs = 24;
  const [smallWei, othersWei] = [parseMdt("32"), parseMdt("50000")];
  const { states, reports } = absenceOf(epochs, target.config.staking.jailEpochs, (epoch) => epoch % 3 === 2);
  const slashedWei = bpsDown(30n * smallWei, MISSES_SLASH_BPS) * BigInt(reports);
  const absent = states.filter((state) => state !== "revealing").length;
  const epoch = (state: Presence): Epoch => {
    const small: Seat = {
      person: "attacker",
      stakeWei: smallWei,
      scores: state === "revealing" ? truth : null,
      isJailed: state === "jailed",
    };
    return {
      seats: [...seats(10, "validators", othersWei, truth), ...Array.from({ length: 30 }, () => small)],
      miners: target.honestMiners(),
    };
  };
  return target.judge({
    attack: "absent seats",
    setting: `30 seats of 32 MDT beside 500,000 MDT reveal every third of ${epochs} epochs`,
    attacked: states.map(epoch),
    payments: [{ person: "attacker", amountWei: slashedWei }],
    honest: states.map(() => epoch("revealing")),
    bound: harmWithin(
      mulDivDown(presenceWei(target) * BigInt(absent), 30n * smallWei, 10n * othersWei + 30n * smallWei),
      `0.19 % of the stake decides 0.19 % of what presence brings, for ${absent} epochs`,
    ),
  });
}

/** 30 % reveal nothing for an epoch. The honest twin scores truthfully. */
function largeAbsence(target: Target): Row {
  const miners = target.honestMiners();
  return target.judge({
    attack: "absent seats",
    setting: "30 % of the stake reveal nothing in an epoch",
    attacked: voting(30, null, miners),
    honest: voting(30, truth, miners),
    bound: harmWithin(
      mulDivDown(presenceWei(target), 30n, 100n),
      "30 % of the stake decide 30 % of what presence brings",
    ),
  });
}

/** The ScoreBoard's rule: a slash of 1 % for three misses within eight consecutive epochs; each miss counts once. */
const MISSES_SLASH_BPS = 100;
const MISSES_UNTIL_SLASH = 3;
const MISSES_WINDOW_EPOCHS = 8;

type Presence = "revealing" | "missing" | "jailed";

/** States and reports of a seat that reveals by a plan, and is reported and leaves jail as soon as possible. */
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

/** The first validator of a new network, with minimum stake, praises its own idle miner. The honest twin is absent. */
export function loneValidator(target: Target): Row {
  const { config, policy } = target;
  const stakeWei = config.staking.minimumStakeWei;
  const floorWei = max(policy.participationFloorWei, stakeWei);
  const presentWei = bpsDown(mulDivDown(config.emission.baseRewardWei, stakeWei, floorWei), policy.weightsBps[2]);
  return target.judge({
    attack: "lone validator",
    setting: `the only validator of a new network, with ${stakeWei / 10n ** 18n} MDT and an idle miner`,
    attacked: {
      seats: [{ person: "attacker", stakeWei, scores: () => PERFECT_BPS }],
      miners: [miner("attacker", PERFECT_BPS)],
    },
    honest: { seats: [], miners: [] },
    bound: profitWithin(
      blockRewardsWei(config) + bpsDown(presentWei, policy.validatorShareBps),
      "all block rewards, and presence by stake over the participation floor",
    ),
  });
}

/** A rival with 30 % of the stake is in jail. In the honest twin it isn't. */
export function jailedRival(target: Target): Row {
  const beside = (rival: Seat): Epoch => ({
    seats: [share("attacker", 10, truth), rival, share("validators", 60, truth)],
    miners: target.honestMiners(),
  });
  const blocksWei = blockRewardsWei(target.config);
  return target.judge({
    attack: "jailed rival",
    setting: "10 % of the stake beside 30 % in jail",
    attacked: beside({ ...share("rival", 30, null), isJailed: true }),
    honest: beside(share("rival", 30, truth)),
    bound: profitWithin(
      blocksWei / 7n - blocksWei / 10n,
      "validators that are not in jail lead slots, and open and seal epochs; everything else is paid as if the rival were there",
    ),
  });
}

/** Small seats that may miss reveals, for 2^20 draws, as many as someone can try; and the large seat that leads. */
const SMALL_SEATS = 20;
const LARGE_PERCENT = 10;

/**
 * The seed of epoch e takes in the salts revealed for e − 2. If the chain gives every block the same randomness, the
 * last to reveal knows the rest of the seed, and can choose among seeds by withholding some of its own reveals. Each
 * withheld reveal costs its seat's pay, and every third one a slash, so choices are cheapest with seats of the least
 * stake. The honest twin always reveals.
 */
export function leaderSeed(target: Target): readonly Row[] {
  const { clock, emission, staking } = target.config;
  const slots = highestOfDraws(2 ** SMALL_SEATS, clock.slotsPerEpoch, LARGE_PERCENT / 100);
  const ledSlots = slots - (clock.slotsPerEpoch * LARGE_PERCENT) / 100;
  const wonWei = (emission.blockRewardWei * BigInt(Math.round(ledSlots * 1e6))) / 1_000_000n;
  // On average every second seat withholds its reveal.
  const withheld = SMALL_SEATS / 2;
  const costWei = (bpsDown(staking.minimumStakeWei, MISSES_SLASH_BPS) * BigInt(withheld)) / BigInt(MISSES_UNTIL_SLASH);
  const stakeWei = (TOTAL_STAKE_WEI * BigInt(LARGE_PERCENT)) / 100n + staking.minimumStakeWei * BigInt(SMALL_SEATS);
  const gainWei = wonWei - incomeLost(target, withheld);
  const profitWei = gainWei - costWei;
  return [
    {
      network: target.network.name,
      attack: "leaders' seed",
      setting: `${SMALL_SEATS} seats of ${mdt(staking.minimumStakeWei)} choose which of them reveal, beside one with ${LARGE_PERCENT} % of the stake, mean of an epoch`,
      ...{ stakeWei, capitalWei: stakeWei + costWei, costWei, gainWei, profitWei, harmWei: wonWei },
      bound: `profit ≤ ${mdt(wonWei)} an epoch: each seat that may miss a reveal doubles the draws, but only on a chain whose prevrandao is not random`,
      holds: profitWei <= wonWei,
    },
  ];
}

/** What the attacker loses in an epoch in which this many of its small seats reveal nothing, in wei. */
function incomeLost(target: Target, withheld: number): bigint {
  const smallWei = target.config.staking.minimumStakeWei;
  const income = (scores: Scores | null): bigint => {
    const ordinary = voting(LARGE_PERCENT, truth, target.honestMiners(0));
    const small = [
      ...seats(withheld, "attacker", smallWei, scores),
      ...seats(SMALL_SEATS - withheld, "attacker", smallWei, truth),
    ];
    return incomeOf(target.play({ ...ordinary, seats: [...small, ...ordinary.seats] }), "attacker");
  };
  return income(truth) - income(null);
}

/**
 * The mean of the highest of this many draws; each draws how many slots a share of the stake leads: Σ over x of 1 −
 * P(led ≤ x)^draws.
 */
function highestOfDraws(draws: number, slots: number, share: number): number {
  let exactly = (1 - share) ** slots;
  let atMost = 0;
  let mean = 0;
  for (let led = 0; led < slots; led++) {
    atMost += exactly;
    mean += 1 - Math.min(atMost, 1) ** draws;
    exactly *= ((slots - led) / (led + 1)) * (share / (1 - share));
  }
  return mean;
}
