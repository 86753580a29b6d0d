import { chainOf } from "../shared/chain";
import { command } from "../shared/command";

command({
  scope: "task",
  name: "list",
  description: "Every task and where it stands",
  params: {},
  async run(_args, hre) {
    const { formatMdt } = await import("../../scripts/show/amounts");
    const { renderTable } = await import("../../scripts/show/table");
    const { listTasks } = await import("../../scripts/actions/tasks");
    const tasks = await listTasks(await chainOf(hre));
    return {
      json: tasks,
      text:
        tasks.length === 0
          ? "There are no tasks yet."
          : renderTable(
              [">task", "status", ">miner", ">type", ">difficulty %", ">fee MDT", "deadline", "client"],
              tasks.map((task) => [
                String(task.taskId),
                task.status,
                String(task.minerId),
                String(task.typeId),
                (task.difficultyBps / 100).toFixed(2),
                formatMdt(task.feeWei),
                new Date(task.deadline * 1_000).toISOString(),
                task.client,
              ]),
            ),
    };
  },
});
