import { friendsOfChiara, type MinerPerson, type ValidatorPerson } from "./cast";
import { U16_MAX } from "../../core/fixedPoint";

/** What happens in one epoch. */
export interface Chapter {
  readonly title: string;
  /** How many tasks the clients pay for and the miners complete. */
  readonly tasks: number;
  /** How good everybody's work is in this epoch, relative to what they can do. */
  readonly qualityFactor: number;
  /** Who commits and then forgets to reveal. */
  readonly forgets?: string;
  /** Whether the keeper is there when the epoch becomes due. */
  readonly keeperIsAway?: boolean;
  /** Whom governance slashes during the epoch. */
  readonly slashed?: string;
}

/** Twelve epochs: with `local`'s numbers the emission halves at epoch 8. */
export const story: readonly Chapter[] = [
  { title: "a quiet start", tasks: 10, qualityFactor: 1 },
  { title: "work picks up", tasks: 24, qualityFactor: 1 },
  { title: "Dario forgets to reveal", tasks: 24, qualityFactor: 1, forgets: "Dario" },
  { title: "poor quality: a part is burned", tasks: 20, qualityFactor: 0.45 },
  { title: "nobody needs anything", tasks: 0, qualityFactor: 1 },
  { title: "the busiest epoch", tasks: 36, qualityFactor: 1 },
  { title: "the keeper is away", tasks: 16, qualityFactor: 1, keeperIsAway: true },
  { title: "the keeper is still away", tasks: 16, qualityFactor: 1, keeperIsAway: true },
  { title: "back: three epochs settled; the emission halves", tasks: 24, qualityFactor: 1 },
  { title: "Chiara is slashed for praising her friends", tasks: 24, qualityFactor: 1, slashed: "Chiara" },
  { title: "without Chiara", tasks: 24, qualityFactor: 1 },
  { title: "a good day", tasks: 30, qualityFactor: 1 },
];

/**
 * What a validator says of a miner, 0 … 65,535. Honest ones measure the same work, each with a small error of its own;
 * Chiara praises her friends and gives the others nothing.
 */
export function scoreOf(validator: ValidatorPerson, miner: MinerPerson, { qualityFactor }: Chapter): number {
  if (validator.name === "Chiara") return friendsOfChiara.has(miner.name) ? U16_MAX : 0;
  const error = ((validator.index * 7 + miner.index * 13) % 5) * 60;
  return Math.floor(miner.quality * qualityFactor * (U16_MAX - 300)) + error;
}
