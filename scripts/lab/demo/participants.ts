import { U16_MAX } from "../../core/fixedPoint";
import { mdtWei } from "../mdtWei";

/** Somebody in the story: an account of the development chain, by index. */
export interface Person {
  readonly name: string;
  readonly index: number;
}

export interface ValidatorPerson extends Person {
  readonly stakeWei: bigint;
  readonly commissionBps: number;
}

export interface DelegatorPerson extends Person {
  readonly validator: string;
  readonly stakeWei: bigint;
}

export interface MinerPerson extends Person {
  /** How good its work is, 0…1; the story's truth, which honest validators measure. */
  readonly quality: number;
}

/** Deploys the network and keeps it. */
export const keeper: Person = { name: "Keeper", index: 0 };

/** Chiara praises her friends and nobody else; Dario misses a reveal; Elif mines too. */
export const validators: readonly ValidatorPerson[] = [
  { name: "Alba", index: 2, stakeWei: mdtWei(2_000), commissionBps: 1_000 },
  { name: "Bruno", index: 3, stakeWei: mdtWei(1_500), commissionBps: 500 },
  { name: "Chiara", index: 4, stakeWei: mdtWei(800), commissionBps: 0 },
  { name: "Dario", index: 5, stakeWei: mdtWei(600), commissionBps: 0 },
  { name: "Elif", index: 6, stakeWei: mdtWei(400), commissionBps: 1_800 },
];

export const delegators: readonly DelegatorPerson[] = [
  { name: "Femi", index: 8, validator: "Bruno", stakeWei: mdtWei(1_000) },
  { name: "Greta", index: 9, validator: "Bruno", stakeWei: mdtWei(700) },
  { name: "Hugo", index: 10, validator: "Alba", stakeWei: mdtWei(500) },
  { name: "Ines", index: 11, validator: "Elif", stakeWei: mdtWei(300) },
];

export const miners: readonly MinerPerson[] = [
  ["Elif", 6, 0.97],
  ["Juno", 12, 0.95],
  ["Kofi", 13, 0.9],
  ["Lena", 14, 0.86],
  ["Milo", 15, 0.8],
  ["Nora", 16, 0.74],
  ["Otto", 17, 0.68],
  ["Pia", 18, 0.6],
  ["Quin", 19, 0.5],
  ["Rosa", 20, 0.38],
  ["Sven", 21, 0.15],
  ["Tara", 22, 0.05],
].map(([name, index, quality]) => ({ name, index, quality }) as MinerPerson);

/** The friends whom Chiara praises. */
const friendsOfChiara: ReadonlySet<string> = new Set(["Sven", "Tara"]);

export const clients: readonly Person[] = [
  { name: "Uma", index: 24 },
  { name: "Vito", index: 25 },
  { name: "Wanda", index: 26 },
  { name: "Xeno", index: 27 },
];

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

/** Twelve epochs with `local`'s numbers: difficulty counts in full from 20 tasks on, and volume up to 50. */
export const story: readonly Chapter[] = [
  { title: "a quiet start", tasks: 10, qualityFactor: 1 },
  { title: "work picks up", tasks: 24, qualityFactor: 1 },
  { title: "Dario forgets to reveal", tasks: 24, qualityFactor: 1, forgets: "Dario" },
  { title: "poor quality: a part is burned", tasks: 20, qualityFactor: 0.45 },
  { title: "nobody needs anything", tasks: 0, qualityFactor: 1 },
  { title: "the busiest epoch", tasks: 36, qualityFactor: 1 },
  { title: "the keeper is away", tasks: 16, qualityFactor: 1, keeperIsAway: true },
  { title: "the keeper is still away", tasks: 16, qualityFactor: 1, keeperIsAway: true },
  { title: "back: three epochs settled", tasks: 24, qualityFactor: 1 },
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
