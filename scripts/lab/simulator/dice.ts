import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

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
    return Math.floor(averageBps / 10_000) + (this.happens(averageBps % 10_000) ? 1 : 0);
  }
}
