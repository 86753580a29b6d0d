import { sum } from "../../core/fixedPoint";
import { play } from "./play";
import {
  both,
  type Bound,
  type Figures,
  harmWithin,
  mdt,
  type Network,
  noProfit,
  profitWithin,
  type Row,
  rowOf,
} from "./row";
import { honestMiners, ordinaryTasks, repeated, share, truth, world } from "./settings";

/** So many epochs' rewards are posted and not claimed yet where a thief takes what is unclaimed. */
const UNCLAIMED_EPOCHS = 10;

/**
 * Whoever stole the guardian's key, the keeper's, or both, until the admin has replaced them. An epoch's rewards follow from
 * what happened in it, so what is settled or claimed later is the same; the contracts' own tests play the theft. The honest
 * one has no key.
 */
export function stolenKeys(network: Network): readonly Row[] {
  const epoch = { seats: [share("validators", 100, truth)], miners: honestMiners(network, ordinaryTasks(network)) };
  const played = play(world(network, repeated(UNCLAIMED_EPOCHS + 1, epoch)));
  const rewardsWei = played.results.map(({ miners, validators }) => miners.rewardsWei + validators.rewardsWei);
  const unclaimedWei = sum(rewardsWei.slice(0, -1));
  const [lastWei, last] = [rewardsWei.at(-1)!, played.results.at(-1)!];
  const stolenWei = unclaimedWei + last.emission.ceilingWei;

  const row = (attack: string, setting: string, gainWei: bigint, harmWei: bigint, bound: Bound): Row => {
    const figures: Figures = { stakeWei: 0n, capitalWei: 0n, costWei: 0n, gainWei, profitWei: gainWei, harmWei };
    return rowOf(network, { attack, setting, bound }, figures, bound.holds(figures, played));
  };
  const delays = (reason: string): Bound => both(noProfit, harmWithin(0n, reason));
  return [
    row(
      "stolen guardian",
      "pauses for 14 of every 44 days",
      0n,
      0n,
      delays(
        `rewards of ${mdt(lastWei)} an epoch are neither settled nor claimed meanwhile, and all of them are after it`,
      ),
    ),
    row(
      "stolen guardian",
      "removes every root during a pause, and vetoes each that is posted after it",
      0n,
      0n,
      delays(
        `nobody claims what is unclaimed, ${mdt(lastWei)} more with each epoch, until the admin has replaced the guardian; then all can`,
      ),
    ),
    row(
      "stolen keeper",
      "posts a vetoed epoch again and returns its rewards to the pool",
      0n,
      lastWei,
      both(noProfit, harmWithin(lastWei, "what that epoch posted, for each due epoch, and nothing of an earlier one")),
    ),
    row(
      "stolen keeper and guardian",
      `posts its own root for an epoch, and ${UNCLAIMED_EPOCHS} epochs' rewards are not claimed yet`,
      stolenWei,
      unclaimedWei + lastWei + last.daoWei,
      profitWithin(
        stolenWei,
        "all that is unclaimed and what the schedule allows, where neither another guardian nor the admin acts within the claim delay",
      ),
    ),
  ];
}
