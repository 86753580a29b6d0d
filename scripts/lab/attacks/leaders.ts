import { bpsDown } from "../../core/fixedPoint";
import { type Epoch, type Scores } from "./network";
import { MISSES_SLASH_BPS, MISSES_UNTIL_SLASH } from "./absence";
import { type Figures, mdt, type Network, type Row, rowOf } from "./row";
import { honestMiners, incomeOf, seats, share, TOTAL_STAKE_WEI, truth, world } from "./settings";

/** Small seats that are free to miss, of at most 2^20 draws that somebody can try; and the large seat that leads. */
const SMALL_SEATS = 20;
const LARGE_PERCENT = 10;

/**
 * The seed of epoch e takes in the salts revealed for e − 2. Where the chain gives every block the same randomness, who reveals
 * last knows the rest of the seed, and chooses among those that its own reveals make by withholding some: each costs what
 * its seat would have been paid, and every third a slash. So bits are cheapest in seats of the least stake. The honest one
 * reveals always.
 */
export function leaderSeed(network: Network): readonly Row[] {
  const { clock, emission, staking } = network.config;
  const slots = highestOfDraws(2 ** SMALL_SEATS, clock.slotsPerEpoch, LARGE_PERCENT / 100);
  const ledSlots = slots - (clock.slotsPerEpoch * LARGE_PERCENT) / 100;
  const gainWei = (emission.blockRewardWei * BigInt(Math.round(ledSlots * 1e6))) / 1_000_000n;
  // On average every second seat withholds its reveal.
  const withheld = SMALL_SEATS / 2;
  const slashedWei =
    (bpsDown(staking.minimumStakeWei, MISSES_SLASH_BPS) * BigInt(withheld)) / BigInt(MISSES_UNTIL_SLASH);
  const stakeWei = (TOTAL_STAKE_WEI * BigInt(LARGE_PERCENT)) / 100n + staking.minimumStakeWei * BigInt(SMALL_SEATS);
  const earnedWei = gainWei - incomeLost(network, withheld);
  const figures: Figures = {
    stakeWei,
    capitalWei: stakeWei + slashedWei,
    costWei: slashedWei,
    gainWei: earnedWei,
    profitWei: earnedWei - slashedWei,
    harmWei: gainWei,
  };
  const bound = {
    text: `profit ≤ ${mdt(gainWei)} an epoch: each seat that may miss a reveal doubles the draws, but only on a chain whose prevrandao is not random`,
  };
  const setting = `${SMALL_SEATS} seats of ${mdt(staking.minimumStakeWei)} choose which of them reveal, beside one with ${LARGE_PERCENT} % of the stake, mean of an epoch`;
  return [rowOf(network, { attack: "leaders' seed", setting, bound }, figures, figures.profitWei <= gainWei)];
}

/** What the attacker is not paid in an epoch in which so many of its small seats reveal nothing. */
function incomeLost(network: Network, withheld: number): bigint {
  const smallWei = network.config.staking.minimumStakeWei;
  const income = (scores: Scores | null): bigint => {
    const epoch: Epoch = {
      seats: [
        ...seats(withheld, "attacker", smallWei, scores),
        ...seats(SMALL_SEATS - withheld, "attacker", smallWei, truth),
        share("attacker", LARGE_PERCENT, truth),
        share("validators", 100 - LARGE_PERCENT, truth),
      ],
      miners: honestMiners(network, 0),
    };
    return incomeOf(world(network, epoch), "attacker");
  };
  return income(truth) - income(null);
}

/**
 * The mean of the highest of this many draws, each of the slots that a share of the stake leads: Σ over x of 1 − P(led
 * ≤ x)^draws.
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
