import { bpsDown, sum } from "../../core/fixedPoint";
import { type ValidatorRule } from "../../core/policy/policy";
import { parseMdt } from "../../show/amounts";
import {
  burnedWei,
  GOOD_BPS,
  noProfit,
  onlyCosts,
  onlyLoses,
  PERFECT_BPS,
  profitWithin,
  repeated,
  type Row,
  seats,
  share,
  Target,
  truth,
  voting,
} from "./attack";
import { sayNothing } from "./minorities";
import { type Epoch, type Scores, type Seat } from "./play";
import { registrationPayments, registrations } from "./registering";

/** Judging less than everything, and showing less. Unless stated otherwise, the honest twin scores truthfully. */
export function scoring(target: Target): readonly Row[] {
  return [...lessWork(target), ownDelegation(target), ...withheldResults(target), someValidatorsOnly(target)];
}

/** What 10 % of the stake may do instead of looking at the work; all but the last two leave miners unscored. */
const shortcuts: readonly (readonly [attack: string, how: string, scores: Scores])[] = [
  ["leaving miners out", "reveals an empty list", sayNothing],
  ["leaving miners out", "leaves half of the miners out", (one, place) => (place % 2 === 0 ? null : truth(one, place))],
  ["always 1", "always scores 1", () => PERFECT_BPS],
  ["copied scores", "copies the scores of the epoch before", (_, place) => (place === 0 ? 5_000 : 9_000)],
];

function lessWork(target: Target): readonly Row[] {
  const miners = target.honestMiners();
  return shortcuts.map(([attack, how, scores]) =>
    target.judge({
      attack,
      setting: `10 % of the stake ${how}`,
      attacked: voting(10, scores, miners),
      honest: voting(10, truth, miners),
      bound: onlyLoses,
    }),
  );
}

/** A validator delegates to itself from another account and takes commission. The honest twin has only own stake. */
function ownDelegation(target: Target): Row {
  const honest = voting(10, truth, target.honestMiners());
  const own: Seat = {
    ...share("attacker", 2, truth),
    commissionBps: 1_800,
    delegations: [{ person: "attacker", stakeWei: parseMdt("80000") }],
  };
  return target.judge({
    attack: "self-delegation",
    setting: "80,000 of 100,000 MDT delegated to oneself at 18 % commission",
    attacked: { ...honest, seats: [own, honest.seats[1]!] },
    honest,
    bound: onlyCosts,
  });
}

/** Two parts of the stake score differently: they see more or less of the work of the attacker's miner, one of ten. */
function seenBy(target: Target, percent: number, scores: Scores, unseen: Scores, worthBps = GOOD_BPS): Epoch {
  return {
    seats: [share("first", percent, scores), share("others", 100 - percent, unseen)],
    miners: target.withOwnMiner(target.ordinaryTasks, { worthBps }),
  };
}

/** Scores the attacker's miner as given, and all others truthfully. */
const ownScored =
  (scoreBps: number | null): Scores =>
  (one, place) =>
    one.person === "attacker" ? scoreBps : truth(one, place);

/** A miner does worthless work and shows none of it, so that nobody sees how bad it is. The honest twin shows it. */
function withheldResults(target: Target): readonly Row[] {
  const served = { attack: "withheld results", honest: seenBy(target, 51, truth, truth, 0) };
  const cappedWei = target.feeCapWei(Math.floor(target.ordinaryTasks / 10));
  return [
    target.judge({
      ...served,
      setting: "one miner of ten serves nothing, and scorers give 0 for it",
      attacked: served.honest,
      bound: onlyCosts,
    }),
    target.judge({
      ...served,
      setting: "one miner of ten serves nothing, and the scorers of 51 % of the stake say nothing about it",
      attacked: seenBy(target, 51, ownScored(null), truth, 0),
      bound: profitWithin(
        bpsDown(cappedWei, target.policy.qualityThresholdBps),
        "silence pays θ of what its fees allow: scorers should give 0 for results that nobody serves",
      ),
    }),
  ];
}

/** A miner serves its results to only 51 % of the stake, and the others score it 0. The honest twin serves everyone. */
function someValidatorsOnly(target: Target): Row {
  return target.judge({
    attack: "serving some validators",
    setting: "one miner of ten serves 51 % of the stake and not the others",
    attacked: seenBy(target, 51, truth, ownScored(0)),
    honest: seenBy(target, 51, truth, truth),
    bound: onlyLoses,
  });
}

/** Enough epochs for bonds to settle: of the first ones 0.9^30 is left, 4 %. */
const EPOCHS = 30;

/** Part of validators' pay for work that counting heads may move under Yuma 3: more than any search of ours found. */
const YUMA3_MOVES_BPS = 1_000;

/**
 * Many small seats, and bad scores, under each validator rule. Rules that aren't in force are played for anyone who
 * considers them, and their rows always hold.
 */
export function validatorRules(target: Target): readonly Row[] {
  return (["stake", "yuma2", "yuma3"] as const).flatMap((validatorRule) => {
    const under = new Target({ ...target.network, policy: { ...target.policy, validatorRule } });
    const rows = [dustSeats(under, validatorRule), silentMinority(under, validatorRule)];
    if (validatorRule === target.policy.validatorRule) return rows;
    return rows.map((row) => ({ ...row, bound: `not in force here; if it were, ${row.bound}`, holds: true }));
  });
}

/**
 * The attacker has 30 seats of 32 MDT, and one of 30 % that knows all miners; six of ten other seats know only half of
 * the miners. The small seats score the half that everyone knows, and so make bonds in it worth less. The honest twin
 * has the same stake in one seat.
 */
function dustSeats(target: Target, rule: ValidatorRule): Row {
  const everything: Scores = () => GOOD_BPS;
  const half: Scores = (_, place) => (place < 5 ? GOOD_BPS : null);
  const [largeWei, dustWei, otherWei] = [parseMdt("150000"), parseMdt("32"), parseMdt("35000")];
  const { validatorPrice } = target.config;
  const epoch = (bigWei: bigint, dust: readonly Seat[]): Epoch => ({
    seats: [
      ...seats(4, "validators", otherWei, everything),
      ...seats(6, "validators", otherWei, half),
      { person: "attacker", stakeWei: bigWei, scores: everything },
      ...dust,
    ],
    miners: target.honestMiners(),
  });
  return target.judge({
    attack: "dust seats",
    setting: `30 seats of 32 MDT beside one of 150,000 for ${EPOCHS} epochs, rule ${rule}`,
    attacked: repeated(EPOCHS, epoch(largeWei, seats(30, "attacker", dustWei, half))),
    payments: registrationPayments(validatorPrice, registrations("attacker", 30, validatorPrice.intervalSeconds)),
    honest: repeated(EPOCHS, epoch(largeWei + 30n * dustWei, [])),
    bound: ({ results }) => {
      const workWei = results.map(({ validatorPools }) => validatorPools.scoringWei + validatorPools.dividendWei);
      return rule === "yuma3"
        ? profitWithin(
            bpsDown(sum(workWei), YUMA3_MOVES_BPS),
            `bonds count heads, which may move ${YUMA3_MOVES_BPS / 100} points of what work brings validators`,
          )
        : noProfit;
    },
  });
}

/** 49 % of the stake praise worthless work, the only work, while 30 % are silent. The honest twin scores truthfully. */
function silentMinority(target: Target, rule: ValidatorRule): Row {
  const epochs = (scores: Scores): readonly Epoch[] =>
    repeated(EPOCHS, {
      seats: [share("attacker", 49, scores), share("silent", 30, null), share("validators", 21, truth)],
      miners: target.honestMiners().map((one) => ({ ...one, worthBps: 0 })),
    });
  return target.judge({
    attack: "silence and worthless work",
    setting: `49 % of the stake praise worthless work beside 30 % that are silent for ${EPOCHS} epochs, rule ${rule}`,
    attacked: epochs(() => GOOD_BPS),
    honest: epochs(truth),
    bound: (honest) =>
      profitWithin(
        bpsDown(burnedWei(honest), target.policy.validatorShareBps),
        "together with silent stake it may prevent a deserved burn",
      ),
  });
}
