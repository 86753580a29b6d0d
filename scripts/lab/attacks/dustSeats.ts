import { bpsDown } from "../../core/fixedPoint";
import { mdtWei } from "../mdtWei";
import { type ValidatorRule } from "../../core/policy/policy";
import { type Epoch, type Scores, type Seat } from "./network";
import { play } from "./play";
import {
  atRate,
  registrationPayments,
  burnedWei,
  GOOD_BPS,
  honestMiners,
  ordinaryTasks,
  repeated,
  seats,
  share,
  truth,
  world,
} from "./settings";
import { type Bound, judge, type Network, noProfit, profitWithin, type Row } from "./row";

/** Long enough for bonds to settle: what is left of the first ones is 0.9^30, 4 %. */
const EPOCHS = 30;

/** How much of what work brings validators heads may move under Yuma 3: more than any search of ours found. */
const YUMA3_MOVES_BPS = 1_000;

const rules: readonly ValidatorRule[] = ["stake", "yuma2", "yuma3"];

/**
 * Heads, and bad scores, under each rule for validators. A rule that is not in force is played for anyone who thinks of
 * it, and breaks nothing.
 */
export function validatorRules(network: Network): readonly Row[] {
  return rules.flatMap((validatorRule) => {
    const under: Network = { ...network, policy: { ...network.policy, validatorRule } };
    const rows = [dustSeats(under), silentMinority(under)];
    return validatorRule === network.policy.validatorRule ? rows : rows.map(asVariant);
  });
}

function asVariant(row: Row): Row {
  return { ...row, bound: `not in force here; if it were, ${row.bound}`, holds: true };
}

/**
 * 30 seats of 32 MDT beside a seat of 30 % that knows all miners and ten others of which six know half of them: the seats
 * score what everybody knows, and so make bonds in it worth less. The honest one has the same stake in its one seat.
 */
function dustSeats(network: Network): Row {
  const { validatorRule } = network.policy;
  const everything: Scores = () => GOOD_BPS;
  const half: Scores = (_, place) => (place < 5 ? GOOD_BPS : null);
  const dustWei = mdtWei(32);
  const { validatorPrice } = network.config;
  const others = [
    ...seats(4, "validators", mdtWei(35_000), everything),
    ...seats(6, "validators", mdtWei(35_000), half),
  ];
  const epoch = (bigWei: bigint, dust: readonly Seat[]): Epoch => ({
    seats: [...others, { person: "attacker", stakeWei: bigWei, scores: everything }, ...dust],
    miners: honestMiners(network, ordinaryTasks(network)),
  });
  const honest = world(network, repeated(EPOCHS, epoch(mdtWei(150_000) + 30n * dustWei, [])));
  const workPoolWei = play(honest).results.reduce(
    (wei, { validatorPools }) => wei + validatorPools.scoringWei + validatorPools.dividendWei,
    0n,
  );
  const bounds: Readonly<Record<ValidatorRule, Bound>> = {
    stake: noProfit,
    yuma2: noProfit,
    yuma3: profitWithin(
      bpsDown(workPoolWei, YUMA3_MOVES_BPS),
      `bonds count heads, which may move ${YUMA3_MOVES_BPS / 100} points of what work brings validators`,
    ),
  };
  return judge(network, {
    attack: "dust seats",
    setting: `30 seats of 32 MDT beside one of 150,000 for ${EPOCHS} epochs, rule ${validatorRule}`,
    attacked: world(network, repeated(EPOCHS, epoch(mdtWei(150_000), seats(30, "attacker", dustWei, half))), {
      payments: registrationPayments(validatorPrice, atRate("attacker", 30, validatorPrice)),
    }),
    honest,
    bound: bounds[validatorRule],
  });
}

/** 49 % of the stake praise worthless work, which is all there is, beside 30 % that are silent: the honest ones say the truth. */
function silentMinority(network: Network): Row {
  const { validatorRule } = network.policy;
  const miners = honestMiners(network, ordinaryTasks(network)).map((one) => ({ ...one, worthBps: 0 }));
  const voting = (scores: Scores): Epoch => ({
    seats: [share("attacker", 49, scores), share("silent", 30, null), share("validators", 21, truth)],
    miners,
  });
  const honest = world(network, repeated(EPOCHS, voting(truth)));
  const limitWei = bpsDown(burnedWei(play(honest)), network.policy.validatorShareBps);
  return judge(network, {
    attack: "silence and worthless work",
    setting: `49 % of the stake praise worthless work beside 30 % that are silent for ${EPOCHS} epochs, rule ${validatorRule}`,
    attacked: world(
      network,
      repeated(
        EPOCHS,
        voting(() => GOOD_BPS),
      ),
    ),
    honest,
    bound: profitWithin(limitWei, "together with silent stake it may prevent a deserved burn"),
  });
}
