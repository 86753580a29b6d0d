import { briefDecimal } from "./amounts";
import { type Participation, type TaskCounters, utilityOf, type UtilityPolicy } from "../core/utility";
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
 * @param done What the stake counted as revealed has done: in a running epoch it has only committed.
 */
export function explainUtility(
  tasks: TaskCounters,
  stake: Participation,
  policy: UtilityPolicy,
  done: "revealed" | "committed" = "revealed",
): ExplainedUtility {
  const { utilityWad, taskScore, difficulty, participation } = utilityOf(tasks, stake, policy);
  const [taskWeight, difficultyWeight, participationWeight] = policy.weightsBps;
  const floor = policy.difficultyFloorTasks > tasks.completed ? `, counted as ${policy.difficultyFloorTasks}` : "";
  const stakeFloor =
    policy.participationFloorWei > stake.activeStakeWei
      ? `, counted as of ${briefDecimal(policy.participationFloorWei)}`
      : "";
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
        because: `${briefDecimal(stake.revealedStakeWei)} of ${briefDecimal(stake.activeStakeWei)} MDT at stake ${done}${stakeFloor}`,
      },
    ],
  };
}
