import { chainOf } from "../shared/chain";
import { command } from "../shared/command";

command({
  scope: "epoch",
  name: "history",
  description: "Every settled epoch: the figures to watch",
  params: {},
  async run(_args, hre) {
    const { describeHistory, historyJson } = await import("../../scripts/keeper/history");
    const { readSettledEpochs } = await import("../../scripts/keeper/settledEpochs");
    const settled = await readSettledEpochs(await chainOf(hre));
    return { json: historyJson(settled), text: describeHistory(settled) };
  },
});
