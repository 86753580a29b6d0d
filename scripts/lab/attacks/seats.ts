import { mulDivDown } from "../../core/fixedPoint";
import { mdtWei } from "../mdtWei";
import { type Policy } from "../../core/policy/policy";
import { blockRewardsWei, type Epoch, type Scores, type Seat } from "./network";
import {
  atOnce,
  atRate,
  registrationPayments,
  count,
  honestMiners,
  incomeOf,
  miner,
  ordinaryTasks,
  PERFECT_BPS,
  repeated,
  seats,
  share,
  truth,
  world,
} from "./settings";
import { both, harmWithin, judge, mdt, type Network, noProfit, profitWithin, type Row } from "./row";

/** Seats taken, lost and priced. */
export function seatAttacks(network: Network): readonly Row[] {
  return [eviction(network), shutDoor(network), pricePumping(network), loneValidator(network), jailedRival(network)];
}

/** Two epochs until a seat that was taken counts, and one more in which the victim has it back and does not count yet. */
const VICTIM_AWAY_EPOCHS = 4;

/**
 * 99 seats of 10,000 MDT, 49 of them the attacker's, and the smallest with 1,500. It is evicted with as much, and the
 * attacker unstakes in the same epoch and waits for its money: the honest one delegates that to one of its seats.
 */
function eviction(network: Network): Row {
  const { config, policy } = network;
  const { validatorPrice, staking } = config;
  const { exitDelayEpochs, seatSafeEpochs } = staking;
  const lostEpochs = VICTIM_AWAY_EPOCHS + bondEpochs(policy);
  const smallWei = mdtWei(1_500);
  const miners = honestMiners(network, ordinaryTasks(network));
  const others = [...seats(50, "validators", mdtWei(10_000), truth), ...seats(48, "attacker", mdtWei(10_000), truth)];
  const own: Seat = { person: "attacker", stakeWei: mdtWei(10_000), scores: truth };
  const victim: Seat = { person: "victim", stakeWei: smallWei, scores: truth };
  const epoch = (isVictimThere: boolean, delegatedWei: bigint): Epoch => ({
    seats: [
      ...others,
      { ...own, delegations: [{ person: "attacker", stakeWei: delegatedWei }] },
      isVictimThere ? victim : { ...victim, stakeWei: 0n, scores: null },
    ],
    miners,
  });
  const epochs = Math.max(exitDelayEpochs, VICTIM_AWAY_EPOCHS);
  const evicted = Array.from({ length: epochs }, (_, index) =>
    epoch(index >= VICTIM_AWAY_EPOCHS, index < exitDelayEpochs ? 0n : smallWei),
  );
  const honest = world(network, repeated(epochs, epoch(true, smallWei)));
  const payments = registrationPayments(validatorPrice, [...atOnce("attacker", 1), ...atOnce("victim", 1)]);
  const victimsWei = (incomeOf(honest, "victim") * BigInt(lostEpochs)) / BigInt(epochs);
  return judge(network, {
    attack: "seat eviction",
    setting: `49 of 100 seats evict the smallest, of 1,500 MDT, and wait ${exitDelayEpochs} epochs for their money`,
    attacked: world(network, evicted, { payments }),
    honest,
    victim: "victim",
    bound: both(
      noProfit,
      harmWithin(
        victimsWei + payments[1]!.amountWei,
        `${lostEpochs} epochs' pay and a new registration, at most once in ${seatSafeEpochs} epochs after a seat was taken`,
      ),
    ),
  });
}

/** Bonds move by a part an epoch: so many epochs' dividends at most until those that were lost are back. */
function bondEpochs({ validatorRule, bondsMovingAverage }: Policy): number {
  return validatorRule === "stake" ? 0 : Math.ceil(1_000_000 / Math.max(1, 1_000_000 - bondsMovingAverage));
}

/**
 * All seats are the attacker's, with the least stake, and each registers again whenever it could be evicted, so that
 * nobody else can sit down: in the second such period, when the price has risen. The honest one does not register.
 */
function shutDoor(network: Network): Row {
  const { config } = network;
  const { validatorPrice, staking } = config;
  const { seats: seatCount, seatSafeEpochs } = staking;
  const periodSeconds = seatSafeEpochs * config.clock.slotsPerEpoch * config.clock.slotSeconds;
  const registrations = Array.from({ length: 2 * seatCount }, (_, index) => ({
    person: "attacker",
    atSecond: Math.floor((index * periodSeconds) / seatCount),
  }));
  const epoch: Epoch = { seats: [share("validators", 100, truth)], miners: [] };
  const payments = registrationPayments(validatorPrice, registrations).slice(seatCount);
  const leastWei = (validatorPrice.ceilingWei * BigInt(seatCount)) / 2n;
  return judge(network, {
    attack: "shut door",
    setting: `${seatCount} seats registered again every ${seatSafeEpochs} epochs, so that none can be evicted`,
    attacked: world(network, epoch, { payments }),
    honest: world(network, epoch),
    bound: {
      text: `costs at least ${mdt(leastWei)} in ${seatSafeEpochs} epochs: half of the price's ceiling a seat`,
      holds: ({ costWei }) => costWei >= leastWei,
    },
  });
}

/**
 * Ten registrations at once, and newcomers who pay whatever registering costs, as many a day as leave the price where it
 * is: the honest one does not register.
 */
function pricePumping(network: Network): Row {
  const { minerPrice } = network.config;
  const { intervalSeconds } = minerPrice;
  const newcomers = atRate("newcomers", 100, minerPrice);
  const pumped = registrationPayments(minerPrice, [...atOnce("attacker", 10), ...newcomers]);
  const epoch: Epoch = {
    seats: [share("validators", 100, truth)],
    miners: honestMiners(network, ordinaryTasks(network)),
  };
  const highestWei = pumped[10]!.amountWei;
  return judge(network, {
    attack: "price pumping",
    setting: `ten miners at once, then ${newcomers.length} newcomers, one every ${count(intervalSeconds)} s, who do not wait`,
    attacked: world(network, epoch, { payments: pumped }),
    honest: world(network, epoch, { payments: registrationPayments(minerPrice, newcomers) }),
    bound: both(
      noProfit,
      harmWithin(
        (highestWei - minerPrice.floorWei) * BigInt(newcomers.length),
        `a newcomer that waits ten intervals of ${count(intervalSeconds)} s pays the floor again`,
      ),
    ),
  });
}

/** The first validator of a new network, 32 MDT, with a miner without a task that it praises: the honest one is not there. */
function loneValidator(network: Network): Row {
  const { config, policy } = network;
  const stakeWei = config.staking.minimumStakeWei;
  const blocksWei = blockRewardsWei(config);
  const floorWei = policy.participationFloorWei > stakeWei ? policy.participationFloorWei : stakeWei;
  const presenceWei =
    (mulDivDown(config.emission.baseRewardWei, stakeWei, floorWei) * BigInt(policy.weightsBps[2])) / 10_000n;
  const praise: Scores = () => PERFECT_BPS;
  return judge(network, {
    attack: "lone validator",
    setting: `the only validator of a new network, with ${stakeWei / 10n ** 18n} MDT and an idle miner`,
    attacked: world(network, {
      seats: [{ person: "attacker", stakeWei, scores: praise }],
      miners: [miner("attacker", PERFECT_BPS)],
    }),
    honest: world(network, { seats: [], miners: [] }),
    bound: profitWithin(
      blocksWei + (presenceWei * BigInt(policy.validatorShareBps)) / 10_000n,
      "all block rewards, and presence by stake over the participation floor",
    ),
  });
}

/** A third of the stake is jailed: the honest one earns beside it while it is not. */
function jailedRival(network: Network): Row {
  const { config } = network;
  const miners = honestMiners(network, ordinaryTasks(network));
  const beside = (rival: Seat): Epoch => ({
    seats: [share("attacker", 10, truth), rival, share("validators", 60, truth)],
    miners,
  });
  const blocksWei = blockRewardsWei(config);
  return judge(network, {
    attack: "jailed rival",
    setting: "10 % of the stake beside 30 % in jail",
    attacked: world(network, beside({ ...share("rival", 30, null), isJailed: true })),
    honest: world(network, beside(share("rival", 30, truth))),
    bound: profitWithin(
      blocksWei / 7n - blocksWei / 10n,
      "validators that are not in jail lead slots, and open and seal epochs; everything else is paid as if the rival were there",
    ),
  });
}
