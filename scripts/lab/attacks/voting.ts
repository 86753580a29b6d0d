import { type Miner, type Scores, type World } from "./network";
import { type Network } from "./row";
import { PERFECT_BPS, share, truth, world } from "./settings";

/** Scores the attacker's miners 1, and all others otherwise. */
export const mine =
  (others: Scores): Scores =>
  (one, place) =>
    one.person === "attacker" ? PERFECT_BPS : others(one, place);

/** Says nothing of anybody. */
export const sayNothing: Scores = () => null;

/** Scores everybody 0. */
export const condemn: Scores = () => 0;

/** The attacker's part of the stake says one thing, all others the truth. */
export function voting(
  network: Network,
  percent: number,
  scores: Scores,
  miners: readonly Miner[],
  more: Partial<World> = {},
) {
  const seats = [share("attacker", percent, scores), share("validators", 100 - percent, truth)];
  return world(network, { seats, miners }, more);
}
