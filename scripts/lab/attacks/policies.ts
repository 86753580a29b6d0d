import { policyConstants } from "../../config/networkConfig";
import { bpsDown, ONE_IN_BPS } from "../../core/fixedPoint";
import { mdtWei } from "../mdtWei";
import { brokenBound, MAX_BURN_BPS } from "../../core/policy/bounds";
import { type Policy } from "../../core/policy/policy";
import { type Epoch, type Miner, type Work, type World } from "./network";
import { type Bound, judge, mdt, type Network, noProfit, type Row } from "./row";
import {
  boughtTasks,
  clientsTasks,
  count,
  honestMiners,
  miner,
  ordinaryTasks,
  PERFECT_BPS,
  share,
  truth,
  world,
} from "./settings";

/**
 * What a thief of the policy key can do within the bounds that everybody judges a policy by: among the corners of what is
 * valid, the policy that pays a thief of 10 % of the stake most, the one that harms the others most, and the one under
 * which buying tasks pays best. The honest one leaves today's policy in force.
 */
export function policyKey(network: Network): readonly Row[] {
  const policies = validCorners(network);
  const today = ordinary(network, network.policy);
  const rows = policies.map((policy) =>
    judge(network, {
      attack: "stolen policy key",
      setting: "",
      attacked: ordinary(network, policy),
      honest: today,
      bound: withinSchedule(network),
    }),
  );
  const buying = policies.flatMap((policy) =>
    secondMiners.flatMap((second) =>
      [1, ordinaryTasks(network)].map((tasks) => buyingUnder(network, policy, second, tasks)),
    ),
  );
  const named = (row: Row, what: string): Row => ({
    ...row,
    setting: `of ${count(policies.length)} valid policies ${what}`,
  });
  return [
    named(
      most(rows, ({ profitWei }) => profitWei),
      "the one that pays 10 % of the stake most",
    ),
    named(
      most(rows, ({ harmWei }) => harmWei),
      "the one that harms the others most",
    ),
    named(
      most(buying, ({ profitWei }) => profitWei),
      "the one under which buying tasks pays the holder of everything best",
    ),
  ];
}

/** What no policy changes: the schedule's ceiling, the most that may be burned, and the DAO's highest share. */
function withinSchedule({ config }: Network): Bound {
  const { baseRewardWei, maxDaoShareBps } = config.emission;
  return {
    text: `an epoch emits at most ${mdt(baseRewardWei)}, burns at most ${MAX_BURN_BPS / 100} % of it, pays the DAO at most ${maxDaoShareBps / 100} %`,
    holds: (_, { results }) =>
      results.every(
        ({ emission, burnedUnmetQuotaWei, burnedQualityPenaltyWei, daoWei }) =>
          emission.emissionWei <= baseRewardWei &&
          burnedUnmetQuotaWei + burnedQualityPenaltyWei <= bpsDown(emission.emissionWei, MAX_BURN_BPS) &&
          daoWei <= bpsDown(emission.emissionWei, maxDaoShareBps),
      ),
  };
}

/** A network in ordinary use, with one bad miner, in which the thief has 10 % of the stake. */
function ordinary(network: Network, policy: Policy): World {
  const [bad, ...good] = honestMiners(network, ordinaryTasks(network));
  const epoch: Epoch = {
    seats: [share("attacker", 10, truth), share("validators", 90, truth)],
    miners: [{ ...bad!, worthBps: 0 }, ...good],
  };
  return world({ ...network, policy }, epoch);
}

/** Other miners of the same holder, which may be paid what the limit by fees leaves of the pool. */
const secondMiners: readonly Miner[] = [
  miner("attacker", PERFECT_BPS),
  miner("attacker", PERFECT_BPS, { ...clientsTasks(1), feeWei: mdtWei(1_000_000) }),
];

function buyingUnder(network: Network, policy: Policy, second: Miner, tasks: number): Row {
  const under = { ...network, policy };
  const epoch = (...work: readonly Work[]): Epoch => ({
    seats: [share("attacker", 100, truth)],
    miners: [miner("attacker", PERFECT_BPS, ...work), second],
  });
  return judge(under, {
    attack: "stolen policy key",
    setting: "",
    attacked: world(under, epoch(boughtTasks(tasks, 0, { isProven: true })), { dao: "attacker" }),
    honest: world(under, epoch(), { dao: "attacker" }),
    bound: noProfit,
  });
}

/** Each field at its ends and as it is, in all combinations that are valid; the first is today's policy. */
function validCorners({ name, config, policy }: Network): readonly Policy[] {
  // A development chain may also pay as the described system did, which is no bound to play against.
  const constants = { ...policyConstants(name, config), isLocal: false };
  const isValid = (one: Policy): boolean => brokenBound(one, constants) === undefined;
  const { maxDaoShareBps } = constants;
  const shares = [
    [policy.minerShareBps, policy.validatorShareBps],
    [ONE_IN_BPS, 0],
    [0, ONE_IN_BPS],
    [ONE_IN_BPS - maxDaoShareBps, 0],
    [0, ONE_IN_BPS - maxDaoShareBps],
  ] as const;
  const mostTasks = { maxExpectedTasks: Number.MAX_SAFE_INTEGER, difficultyFloorTasks: Number.MAX_SAFE_INTEGER };
  const changes: readonly (readonly Partial<Policy>[])[] = [
    [{}, ...weights.map((weightsBps) => ({ weightsBps }))],
    shares.map(([minerShareBps, validatorShareBps]) => ({
      minerShareBps,
      validatorShareBps,
      daoShareBps: ONE_IN_BPS - minerShareBps - validatorShareBps,
    })),
    [{}, { qualityThresholdBps: 3_000 }, { qualityThresholdBps: MAX_BURN_BPS }],
    [{}, mostTasks, { participationFloorWei: 0n }, { participationFloorWei: 2n ** 128n - 1n }],
    [{}, { minerRule: "incentive" }, { minerRule: "incentive", qualityPenaltyThresholdBps: ONE_IN_BPS }],
    [{}, { validatorRule: "yuma3" }],
  ];
  const corners = changes.reduce<readonly Policy[]>(
    (sofar, options) => sofar.flatMap((one) => options.map((option) => ({ ...one, ...option }))),
    [policy],
  );
  return corners
    .flatMap((one) => [one, { ...one, minerFeeCapBps: 0 }, { ...one, minerFeeCapBps: highestCapBps(one, isValid) }])
    .filter((one, index) => index === 0 || isValid(one));
}

/** The highest limit by fees with which a policy is valid; 0 where none is. */
function highestCapBps(policy: Policy, isValid: (policy: Policy) => boolean): number {
  let [valid, invalid] = [0, ONE_IN_BPS + 1];
  while (invalid - valid > 1) {
    const minerFeeCapBps = Math.floor((valid + invalid) / 2);
    if (isValid({ ...policy, minerFeeCapBps })) valid = minerFeeCapBps;
    else invalid = minerFeeCapBps;
  }
  return valid;
}

const weights: readonly Policy["weightsBps"][] = [
  [ONE_IN_BPS, 0, 0],
  [0, ONE_IN_BPS, 0],
  [0, 0, ONE_IN_BPS],
];

/** The row with the highest figure, which holds if all do. */
function most(rows: readonly Row[], figure: (row: Row) => bigint): Row {
  const highest = rows.reduce((best, row) => (figure(row) > figure(best) ? row : best));
  return { ...highest, holds: rows.every(({ holds }) => holds) };
}
