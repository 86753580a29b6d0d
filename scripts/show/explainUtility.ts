import { type TaskCounters, utilityOf, type UtilityPolicy, type ValidatorCounters } from "../core/utility";
import { wadDown } from "../core/fixedPoint";

/** One of the three parts of an epoch's utility; ratios in WAD, cut. */
export interface UtilityPart {
  readonly name: "Tasks" | "Difficulty" | "Participation";
  readonly weightBps: number;
  readonly valueWad: bigint;
  /** What it was counted from. */
  readonly because: string;
}

/** A utility with what it is made of: Σ weight · value. */
export interface ExplainedUtility {
  readonly utilityWad: bigint;
  readonly parts: readonly UtilityPart[];
}

/**
 * The utility that these counters give under a policy, by the keeper's own arithmetic.
 * @param done What the validators counted as `revealed` have done: in a running epoch they have only committed.
 */
export function explainUtility(
  tasks: TaskCounters,
  validators: ValidatorCounters,
  policy: UtilityPolicy,
  done: "revealed" | "committed" = "revealed",
): ExplainedUtility {
  const { utilityWad, taskScore, difficulty, participation } = utilityOf(tasks, validators, policy);
  const [taskWeight, difficultyWeight, participationWeight] = policy.weightsBps;
  const floor = policy.difficultyFloorTasks > tasks.completed ? `, counted as ${policy.difficultyFloorTasks}` : "";
  return {
    utilityWad,
    parts: [
      {
        name: "Tasks",
        weightBps: taskWeight,
        valueWad: wadDown(taskScore),
        because: `${tasks.completed} of ${policy.maxExpectedTasks} expected`,
      },
      {
        name: "Difficulty",
        weightBps: difficultyWeight,
        valueWad: wadDown(difficulty),
        because: `on average over ${tasks.completed} tasks${floor}`,
      },
      {
        name: "Participation",
        weightBps: participationWeight,
        valueWad: wadDown(participation),
        because: `${validators.revealed} of ${validators.active} validators ${done}`,
      },
    ],
  };
}
