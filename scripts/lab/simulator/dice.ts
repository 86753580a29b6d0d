import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { ONE_IN_BPS } from "../../core/fixedPoint";

/** Random numbers of which the same seed gives the same ones: xoroshiro128+, whole numbers only. */
export class Dice {
  readonly #generator;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A whole number from `low` to `high`, both included, all equally likely. */
  between(low: number, high: number): number {
    return uniformInt(this.#generator, low, high);
  }

  /** Whether something happens that happens with this chance. */
  happens(chanceBps: number): boolean {
    return this.between(0, 9_999) < chanceBps;
  }

  /** How often something happens that happens so often on average: the whole times, and once more by chance. */
  times(averageBps: number): number {
    return Math.floor(averageBps / ONE_IN_BPS) + (this.happens(averageBps % ONE_IN_BPS) ? 1 : 0);
  }
}
