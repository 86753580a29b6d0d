import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseWhole } from "../shared/parameters";

command({
  scope: "task",
  name: "refund",
  description: "Give the fee of a task whose deadline has passed back to its client",
  params: { task: { kind: "required", description: "Id of the task" }, from },
  async run({ task, from: sender }, hre) {
    const { formatMdt } = await import("../../scripts/show/amounts");
    const { refundTask } = await import("../../scripts/actions/tasks");
    const taskId = parseWhole("task", task);
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const { client, refundedWei } = await refundTask(chain, signer, taskId);
    return {
      json: { taskId, client, refundedWei },
      text:
        refundedWei === 0n
          ? `Nothing to do: ${client} got the fee of task ${taskId} back before.`
          : `${client} got the ${formatMdt(refundedWei)} MDT of task ${taskId} back.`,
    };
  },
});
