import { BPS, type Ratio, wadDown } from "./fixedPoint";
import { type Policy } from "./policy/fields";

/** Tasks that miners completed in the epoch, and the sum of their types' difficulties (10 000 bps = hardest). */
export interface TaskCounters {
  readonly completed: number;
  readonly difficultySumBps: number;
}

/** Validators that were active in the epoch, and how many of them revealed their scores. */
export interface ValidatorCounters {
  readonly active: number;
  readonly revealed: number;
}

/** How useful the network was in the epoch, 0…1, with the three factors that made it so; all exact. */
export interface Utility {
  readonly taskScore: Ratio;
  readonly difficulty: Ratio;
  readonly participation: Ratio;
  readonly total: Ratio;
  /** ⌊total · 10^18⌋, for showing only. */
  readonly utilityWad: bigint;
}

/** The part of a policy that decides the utility. */
export type UtilityPolicy = Pick<Policy, "weightsBps" | "maxExpectedTasks" | "difficultyFloorTasks">;

const ZERO: Ratio = { numerator: 0n, denominator: 1n };

/**
 * utility = w1 · taskScore + w2 · difficulty + w3 · participation.
 *
 * The difficulty floor divides by at least that many tasks, so that one self-paid task of the hardest type does not
 * move the average of a quiet epoch. Tasks must not be harder than 10 000 bps on average, nor more validators reveal
 * than are active: then no factor, and so no utility, is above 1.
 */
export function utilityOf(tasks: TaskCounters, validators: ValidatorCounters, policy: UtilityPolicy): Utility {
  const taskScore = {
    numerator: BigInt(Math.min(tasks.completed, policy.maxExpectedTasks)),
    denominator: BigInt(policy.maxExpectedTasks),
  };
  const difficulty = difficultyOf(tasks, policy.difficultyFloorTasks);
  const participation =
    validators.active === 0 ? ZERO : { numerator: BigInt(validators.revealed), denominator: BigInt(validators.active) };
  const total = weightedSum([taskScore, difficulty, participation], policy.weightsBps);
  return { taskScore, difficulty, participation, total, utilityWad: wadDown(total) };
}

function difficultyOf(tasks: TaskCounters, floorTasks: number): Ratio {
  if (tasks.completed === 0) return ZERO;
  return {
    numerator: BigInt(tasks.difficultySumBps),
    denominator: BigInt(Math.max(tasks.completed, floorTasks)) * BPS,
  };
}

/** Σ wᵢ · xᵢ over one common denominator. */
function weightedSum(factors: readonly [Ratio, Ratio, Ratio], weightsBps: Policy["weightsBps"]): Ratio {
  const [a, b, c] = factors;
  const [wa, wb, wc] = weightsBps;
  return {
    numerator:
      BigInt(wa) * a.numerator * b.denominator * c.denominator +
      BigInt(wb) * b.numerator * a.denominator * c.denominator +
      BigInt(wc) * c.numerator * a.denominator * b.denominator,
    denominator: BPS * a.denominator * b.denominator * c.denominator,
  };
}
