import { type Contracts } from "../../chain/contracts";
import { type TaskCounters, type ValidatorCounters } from "../../core/utility";

/** What the running epoch's utility will be made of, as far as it has come. */
export interface RunningCounters {
  readonly epoch: number;
  readonly tasks: TaskCounters;
  /** `revealed`: who has committed so far, and so can reveal. */
  readonly validators: ValidatorCounters;
}

/** @throws where the network's first epoch has not begun. */
export async function readRunningCounters({ taskRegistry, staking, scoreBoard }: Contracts): Promise<RunningCounters> {
  const epoch = await taskRegistry.read.currentEpoch();
  const [[completed, difficultySumBps], active] = await Promise.all([
    taskRegistry.read.epochTasks([epoch]),
    staking.read.activeSet([epoch]),
  ]);
  const commits = await scoreBoard.read.commitsOf([epoch, active]);
  const committed = commits.filter(({ commitment }) => BigInt(commitment) !== 0n).length;
  return {
    epoch: Number(epoch),
    tasks: { completed: Number(completed), difficultySumBps: Number(difficultySumBps) },
    validators: { active: active.length, revealed: committed },
  };
}
