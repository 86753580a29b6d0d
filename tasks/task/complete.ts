import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseWhole } from "../shared/parameters";

command({
  scope: "task",
  name: "complete",
  description: "Submit the result of a task as its miner",
  params: {
    task: { kind: "required", description: "Id of the task" },
    result: { kind: "optional", description: "The result; only its hash goes on chain (default: empty)" },
    from,
  },
  async run({ task, result = "", from: sender }, hre) {
    const { formatMdt } = await import("../../scripts/show/amounts");
    const { completeTask } = await import("../../scripts/actions/tasks");
    const taskId = parseWhole("task", task);
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const completed = await completeTask(chain, signer, taskId, result);
    const { epoch, burnedWei, recycledWei } = completed;
    return {
      json: { taskId, ...completed },
      text: `Task ${taskId} is completed and counts for epoch ${epoch}; of its fee ${formatMdt(burnedWei)} MDT were burned and ${formatMdt(recycledWei)} MDT recycled.`,
    };
  },
});
