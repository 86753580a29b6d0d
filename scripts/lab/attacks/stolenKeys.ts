import { ONE_IN_BPS, sum } from "../../core/fixedPoint";
import { feeFloorWei } from "../../core/policy/bounds";
import {
  boughtTasks,
  clientsTasks,
  type Bound,
  count,
  harmWithin,
  mdt,
  miner,
  onlyCosts,
  PERFECT_BPS,
  profitWithin,
  repeated,
  type Row,
  Target,
  truth,
  voting,
} from "./attack";
import { type Epoch, incomeOf } from "./play";

/** Epochs whose rewards are posted but not claimed yet when a thief takes everything unclaimed. */
const UNCLAIMED_EPOCHS = 10;

/**
 * What a thief of the guardian's key, the keeper's, or both can do until the admin has replaced them. An epoch's
 * rewards follow from what happened in it, so settling or claiming later doesn't change them. The contracts' own tests
 * play the theft. The honest twin has no key.
 */
export function stolenKeys(target: Target): readonly Row[] {
  const epoch = voting(0, truth, target.honestMiners());
  const played = target.play(repeated(UNCLAIMED_EPOCHS + 1, epoch));
  const rewardsWei = played.results.map(({ miners, validators }) => miners.rewardsWei + validators.rewardsWei);
  const unclaimedWei = sum(rewardsWei.slice(0, -1));
  const [lastWei, last] = [rewardsWei.at(-1)!, played.results.at(-1)!];
  const stolenWei = unclaimedWei + last.emission.ceilingWei;
  const row = (attack: string, setting: string, gainWei: bigint, harmWei: bigint, { text, holds }: Bound): Row => {
    const figures = { stakeWei: 0n, capitalWei: 0n, costWei: 0n, gainWei, profitWei: gainWei, harmWei };
    return { network: target.network.name, attack, setting, ...figures, bound: text, holds: holds(figures, played) };
  };
  return [
    row(
      "stolen guardian",
      "pauses for 14 of every 44 days",
      0n,
      0n,
      harmWithin(
        0n,
        `rewards of ${mdt(lastWei)} an epoch are neither settled nor claimed meanwhile; afterwards all of them are`,
      ),
    ),
    row(
      "stolen guardian",
      "removes every root during a pause, and vetoes each that is posted after it",
      0n,
      0n,
      harmWithin(
        0n,
        `nobody can claim what is unclaimed, ${mdt(lastWei)} more with each epoch, until the admin replaces the guardian; then everyone can`,
      ),
    ),
    row(
      "stolen keeper",
      "reposts a vetoed epoch and returns its rewards to the pool",
      0n,
      lastWei,
      harmWithin(lastWei, "what that epoch posted, for each due epoch; nothing of earlier epochs"),
    ),
    row(
      "stolen keeper and guardian",
      `posts its own root for an epoch, and ${UNCLAIMED_EPOCHS} epochs' rewards are not claimed yet`,
      stolenWei,
      unclaimedWei + lastWei + last.daoWei,
      profitWithin(
        stolenWei,
        "all that is unclaimed and what the schedule allows, if neither another guardian nor the admin acts within the claim delay",
      ),
    ),
  ];
}

/** What a thief of the role that sets task types can do. */
export function taskGovernor(target: Target): readonly Row[] {
  return [...cheapTypes(target), unaffordableTypes(target), emptyProofs(target)];
}

/**
 * The lowest fees that a thief of the role can set, with the highest and the lowest difficulty. The thief has all
 * stake, all miners and the DAO, to gain by them. The honest twin buys nothing.
 */
function cheapTypes(target: Target): readonly Row[] {
  return [ONE_IN_BPS, 1].flatMap((difficultyBps) => {
    const { config } = target;
    const minimumFeeWei = feeFloorWei(config.tasks, difficultyBps);
    const cheapest = { name: "cheapest", difficultyBps, minimumFeeWei, verifier: null, modelHash: null };
    const stolen = new Target({
      ...target.network,
      config: { ...config, tasks: { ...config.tasks, types: [cheapest] } },
    });
    const epoch = (bought: number): Epoch => voting(100, truth, [miner("attacker", PERFECT_BPS, boughtTasks(bought))]);
    return [1, 1_000, 10_000].map((tasks) =>
      stolen.judge({
        attack: "stolen task governor",
        setting: `the holder of everything buys ${count(tasks, "task")} of ${difficultyBps / 100} % difficulty at the lowest fee`,
        attacked: epoch(tasks),
        honest: epoch(0),
        dao: "attacker",
        bound: onlyCosts,
      }),
    );
  });
}

/** A type whose verifier accepts anything: a miner is paid for its tasks without doing any work. */
function emptyProofs(target: Target): Row {
  const tasks = target.ordinaryTasks;
  const epoch = (isProven: boolean): Epoch =>
    voting(0, truth, [...target.honestMiners(tasks), miner("attacker", 0, { ...clientsTasks(tasks), isProven })]);
  return target.judge({
    attack: "stolen task governor",
    setting: `a verifier that accepts anything, and ${count(tasks, "worthless task")} of clients`,
    attacked: epoch(true),
    honest: epoch(false),
    bound: profitWithin(
      target.feeCapWei(tasks),
      "what is proven is what the governor's verifier accepts: fees limit what is paid, and it ends when clients leave",
    ),
  });
}

/** Fees that no client can pay: the thief gains nothing. */
function unaffordableTypes(target: Target): Row {
  const epoch = (tasks: number): Epoch => voting(0, truth, target.honestMiners(tasks));
  const idle = target.play(epoch(0));
  return target.judge({
    attack: "stolen task governor",
    setting: "fees so high that no client comes, for an epoch",
    attacked: epoch(0),
    honest: epoch(target.ordinaryTasks),
    bound: (honest) =>
      harmWithin(
        honest.results[0]!.emission.emissionWei - idle.results[0]!.emission.emissionWei + incomeOf(honest, "miners"),
        "what work brings and what miners are paid, until the admin has replaced the governor",
      ),
  });
}
