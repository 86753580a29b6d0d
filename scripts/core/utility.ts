import { BPS, max, type Ratio, wadDown, min, mulDivDown } from "./fixedPoint";
import { type Policy } from "./policy/policy";

/** Tasks that miners completed in the epoch, and the sum of their types' difficulties (10 000 bps = hardest). */
export interface TaskCounters {
  readonly completed: number;
  readonly difficultySumBps: number;
}

/** Stake in the epoch, own and delegated, in wei: of all seated validators, and of those that revealed their scores. */
export interface Participation {
  readonly activeStakeWei: bigint;
  readonly revealedStakeWei: bigint;
}

/** How useful the network was in the epoch, 0…1, with the three factors that made it so; all exact. */
export interface Utility {
  readonly taskScore: Ratio;
  readonly difficulty: Ratio;
  readonly participation: Ratio;
  /** What work brought, w1 · taskScore + w2 · difficulty, and what presence brought, w3 · participation. */
  readonly work: Ratio;
  readonly presence: Ratio;
  /** Their sum. All three have one denominator. */
  readonly total: Ratio;
  /** ⌊total · 10^18⌋, for display only. */
  readonly utilityWad: bigint;
}

/** The part of a policy that decides the utility. */
export type UtilityPolicy = Pick<
  Policy,
  "weightsBps" | "maxExpectedTasks" | "difficultyFloorTasks" | "participationFloorWei"
>;

const ZERO: Ratio = { numerator: 0n, denominator: 1n };

/**
 * utility = w1 · taskScore + w2 · difficulty + w3 · participation.
 *
 * The difficulty floor divides by at least that many tasks, so that one self-paid task of the hardest type does not
 * move the average of a quiet epoch. Participation counts stake, not heads: small seats that stay silent change little.
 * Average difficulty must be at most 10 000 bps, and revealed stake at most the active stake: then no factor, and so no
 * utility, is above 1.
 */
export function utilityOf(tasks: TaskCounters, stake: Participation, policy: UtilityPolicy): Utility {
  const taskScore = {
    numerator: BigInt(Math.min(tasks.completed, policy.maxExpectedTasks)),
    denominator: BigInt(policy.maxExpectedTasks),
  };
  const difficulty = difficultyOf(tasks, policy.difficultyFloorTasks);
  const participation = participationOf(stake, policy.participationFloorWei);

  const [w1, w2, w3] = policy.weightsBps.map(BigInt) as [bigint, bigint, bigint];
  const [a, b, c] = [taskScore, difficulty, participation];
  const denominator = BPS * a.denominator * b.denominator * c.denominator;
  const work = {
    numerator: (w1 * a.numerator * b.denominator + w2 * b.numerator * a.denominator) * c.denominator,
    denominator,
  };
  const presence = { numerator: w3 * c.numerator * a.denominator * b.denominator, denominator };
  const total = { numerator: work.numerator + presence.numerator, denominator };
  return { taskScore, difficulty, participation, work, presence, total, utilityWad: wadDown(total) };
}

function difficultyOf(tasks: TaskCounters, floorTasks: number): Ratio {
  if (tasks.completed === 0) return ZERO;
  return {
    numerator: BigInt(tasks.difficultySumBps),
    denominator: BigInt(Math.max(tasks.completed, floorTasks)) * BPS,
  };
}

function participationOf({ activeStakeWei, revealedStakeWei }: Participation, floorWei: bigint): Ratio {
  const denominator = max(activeStakeWei, floorWei);
  return denominator === 0n ? ZERO : { numerator: revealedStakeWei, denominator };
}

/** The schedule's place and parameters, and what can pay for an emission, all amounts in wei. */
export interface EmissionInputs {
  readonly epoch: number;
  readonly baseRewardWei: bigint;
  readonly halvingIntervalEpochs: number;
  /** What the recycling pool holds. */
  readonly poolWei: bigint;
  /** What the Treasury may still mint. */
  readonly mintableWei: bigint;
}

/** What an epoch emits, why not more, and where it comes from; amounts in wei. */
export interface Emission {
  readonly halvings: bigint;
  /** The schedule's ceiling: ⌊base / 2^halvings⌋, which the Treasury enforces too. */
  readonly ceilingWei: bigint;
  /** What the schedule and the utility call for. */
  readonly grossWei: bigint;
  readonly emissionWei: bigint;
  /** "funds" if pool and mint allowance together could not cover the gross emission. */
  readonly limitedBy: "schedule" | "funds";
  /** Taken from the pool, always first. */
  readonly recycledWei: bigint;
  /** Minted: the rest of the emission. */
  readonly mintedWei: bigint;
}

/** From 256 halvings on, `baseReward >> halvings` is zero for any base, as an EVM word has 256 bits. */
const HALVINGS_TO_ZERO = 256n;

/**
 * gross = ⌊base · utility / 2^halvings⌋, emission = min(gross, pool + mintable), recycled = min(pool, emission).
 *
 * If the mint allowance ever runs out, the pool still pays: recycled tokens are never stuck behind the cap.
 */
export function emissionOf(inputs: EmissionInputs, utility: Ratio): Emission {
  const halvings = BigInt(inputs.epoch) / BigInt(inputs.halvingIntervalEpochs);
  const shift = min(halvings, HALVINGS_TO_ZERO);
  const grossWei = mulDivDown(inputs.baseRewardWei, utility.numerator, utility.denominator << shift);
  const fundsWei = inputs.poolWei + inputs.mintableWei;
  const emissionWei = min(grossWei, fundsWei);
  const recycledWei = min(inputs.poolWei, emissionWei);
  return {
    halvings,
    ceilingWei: inputs.baseRewardWei >> shift,
    grossWei,
    emissionWei,
    limitedBy: fundsWei < grossWei ? "funds" : "schedule",
    recycledWei,
    mintedWei: emissionWei - recycledWei,
  };
}
