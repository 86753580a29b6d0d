import { chainOf } from "../shared/chain";
import { command } from "../shared/command";

command({
  scope: "epoch",
  name: "history",
  description: "Every settled epoch: the figures to watch",
  params: {},
  async run(_args, hre) {
    const { describeFigures, figuresOf } = await import("../../scripts/keeper/history");
    const { readSettledEpochs } = await import("../../scripts/keeper/settledEpochs");
    const figures = figuresOf(await readSettledEpochs(await chainOf(hre)));
    return { json: figures, text: describeFigures(figures) };
  },
});
