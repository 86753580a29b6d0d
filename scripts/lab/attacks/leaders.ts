import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { type Epoch } from "./network";
import { type Figures, mdt, type Network, type Row, rowOf } from "./row";
import { honestMiners, incomeOf, seats, share, TOTAL_STAKE_WEI, truth, world } from "./settings";

/** Seats of the attacker, with 10 % of the stake together, and how often the draw is repeated for the mean. */
const OWN_SEATS = 8;
const OWN_PERCENT = 10;
const REPEATS = 20;

/**
 * The seed of epoch e takes in the salts revealed for e − 2. Who reveals last knows the others', and so chooses among the
 * seeds that its own reveals make by withholding some; each costs what its seat would have been paid. The honest one
 * reveals always.
 */
export function leaderSeed(network: Network): readonly Row[] {
  const { clock, emission } = network.config;
  const slots = clock.slotsPerEpoch;
  const losses = Array.from({ length: OWN_SEATS + 1 }, (_, withheld) => incomeLost(network, withheld));
  const random = xoroshiro128plus(1);
  let gainWei = 0n;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    gainWei += bestOf(2 ** OWN_SEATS, (seats) => {
      let led = 0;
      for (let slot = 0; slot < slots; slot++) if (uniformInt(random, 1, 100) <= OWN_PERCENT) led++;
      return emission.blockRewardWei * BigInt(led) - losses[bitsOf(seats)]!;
    });
  }
  const meanWei = (emission.blockRewardWei * BigInt(slots * OWN_PERCENT)) / 100n;
  const profitWei = gainWei / BigInt(REPEATS) - meanWei;
  const stakeWei = (TOTAL_STAKE_WEI * BigInt(OWN_PERCENT)) / 100n;
  const figures: Figures = {
    stakeWei,
    capitalWei: stakeWei,
    costWei: 0n,
    gainWei: profitWei,
    profitWei,
    harmWei: profitWei,
  };
  const limitWei = emission.blockRewardWei * BigInt(mostSlots(slots));
  const bound = {
    text: `profit ≤ ${mdt(limitWei)} an epoch: a seat that withholds its reveal doubles the draws, for its pay, and is slashed at the third in eight epochs`,
  };
  const setting = `${OWN_SEATS} seats with ${OWN_PERCENT} % of the stake choose which of them reveal in an idle network, mean of ${REPEATS} epochs`;
  return [rowOf(network, { attack: "leaders' seed", setting, bound }, figures, profitWei <= limitWei)];
}

/** What the attacker is not paid in the epoch in which so many of its seats reveal nothing. */
function incomeLost(network: Network, withheld: number): bigint {
  const stakeWei = (TOTAL_STAKE_WEI * BigInt(OWN_PERCENT)) / BigInt(100 * OWN_SEATS);
  const income = (silent: number): bigint => {
    const epoch: Epoch = {
      seats: [
        ...seats(silent, "attacker", stakeWei, null),
        ...seats(OWN_SEATS - silent, "attacker", stakeWei, truth),
        share("validators", 100 - OWN_PERCENT, truth),
      ],
      miners: honestMiners(network, 0),
    };
    return incomeOf(world(network, epoch), "attacker");
  };
  return income(0) - income(withheld);
}

/** The mean of the highest of 2^k draws is at most √(2 · k · ln 2) deviations above the mean: in slots, rounded up. */
function mostSlots(slots: number): number {
  const share = OWN_PERCENT / 100;
  return Math.ceil(Math.sqrt(2 * OWN_SEATS * Math.LN2 * slots * share * (1 - share)));
}

function bestOf(count: number, value: (choice: number) => bigint): bigint {
  let best = value(0);
  for (let choice = 1; choice < count; choice++) {
    const one = value(choice);
    if (one > best) best = one;
  }
  return best;
}

function bitsOf(choice: number): number {
  let bits = 0;
  for (let left = choice; left > 0; left >>= 1) bits += left & 1;
  return bits;
}
