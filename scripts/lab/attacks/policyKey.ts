import { policyConstants } from "../../config/networkConfig";
import { bpsDown, ONE_IN_BPS } from "../../core/fixedPoint";
import { brokenBound, MAX_BURN_BPS } from "../../core/policy/bounds";
import { type Policy } from "../../core/policy/policy";
import { parseMdt } from "../../show/amounts";
import {
  boughtTasks,
  clientsTasks,
  type Bound,
  count,
  mdt,
  miner,
  type Network,
  noProfit,
  PERFECT_BPS,
  type Row,
  Target,
  truth,
  voting,
} from "./attack";
import { type Miner, type Work } from "./play";

/**
 * What a thief of the policy key can do within the bounds that everyone checks a policy against. Among valid policies
 * at the corners, finds the one that pays a thief with 10 % of the stake most, the one that harms the others most, and
 * the one under which buying tasks pays best. The honest twin leaves today's policy in force; for the last one, it buys
 * nothing.
 */
export function policyKey(target: Target): readonly Row[] {
  const policies = validCorners(target.network);
  const attack = "stolen policy key";
  // A network in ordinary use, with one bad miner.
  const [bad, ...good] = target.honestMiners();
  const ordinary = voting(10, truth, [{ ...bad!, worthBps: 0 }, ...good]);
  const bound = withinSchedule(target);
  const found = (setting: string, rows: readonly Row[], figure: "profitWei" | "harmWei"): Row => ({
    ...rows.reduce((best, row) => (row[figure] > best[figure] ? row : best)),
    setting: `of ${count(policies.length)} valid policies ${setting}`,
    holds: rows.every(({ holds }) => holds),
  });
  const rows = policies.map((policy) =>
    target.judge({ attack, setting: "", attacked: ordinary, policy, honest: ordinary, bound }),
  );
  const buying = policies.flatMap((policy) =>
    secondMiners.flatMap((second) =>
      [1, target.ordinaryTasks].map((tasks) => {
        const epoch = (...work: readonly Work[]) =>
          voting(100, truth, [miner("attacker", PERFECT_BPS, ...work), second]);
        const attacked = epoch(boughtTasks(tasks, 0, { isProven: true }));
        const both = { attacked, honest: epoch(), dao: "attacker" };
        return new Target({ ...target.network, policy }).judge({ attack, setting: "", ...both, bound: noProfit });
      }),
    ),
  );
  return [
    found("the one that pays 10 % of the stake most", rows, "profitWei"),
    found("the one that harms the others most", rows, "harmWei"),
    found("the one under which buying tasks pays the holder of everything best", buying, "profitWei"),
  ];
}

/** What no policy can change: the schedule's ceiling, the most that may be burned, and the DAO's highest share. */
function withinSchedule({ config }: Target): Bound {
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

/** Second miners that the same holder may have: they may get what the fee limit leaves in the pool. */
const secondMiners: readonly Miner[] = [
  miner("attacker", PERFECT_BPS),
  miner("attacker", PERFECT_BPS, { ...clientsTasks(1), feeWei: parseMdt("1000000") }),
];

/** All valid combinations of each field's current value and its extremes; the first is today's policy. */
function validCorners({ name, config, policy }: Network): readonly Policy[] {
  // A development chain also accepts the rules as first described; attacks are judged by the stricter bounds.
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
  const weights: readonly Policy["weightsBps"][] = [
    [ONE_IN_BPS, 0, 0],
    [0, ONE_IN_BPS, 0],
    [0, 0, ONE_IN_BPS],
  ];
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

/** The highest fee limit with which a policy is valid; 0 if none is. */
function highestCapBps(policy: Policy, isValid: (policy: Policy) => boolean): number {
  let [valid, invalid] = [0, ONE_IN_BPS + 1];
  while (invalid - valid > 1) {
    const minerFeeCapBps = Math.floor((valid + invalid) / 2);
    if (isValid({ ...policy, minerFeeCapBps })) valid = minerFeeCapBps;
    else invalid = minerFeeCapBps;
  }
  return valid;
}
