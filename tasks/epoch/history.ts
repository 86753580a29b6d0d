import { chainOf } from "../shared/chain";
import { command } from "../shared/command";

command({
  scope: "epoch",
  name: "history",
  description: "Every settled epoch: the figures to watch",
  params: { html: { kind: "optional", description: "Write a report with charts and each epoch's story to this file" } },
  async run({ html }, hre) {
    const { figuresOf } = await import("../../scripts/keeper/facts/figures");
    const { describeFigures } = await import("../../scripts/show/figures");
    const { readSettledEpochs } = await import("../../scripts/keeper/facts/settledEpochs");
    const chain = await chainOf(hre);
    if (html !== undefined) {
      const { writeHistory } = await import("../../scripts/commands/writeHistory");
      await writeHistory(chain, html);
    }
    const figures = figuresOf(await readSettledEpochs(chain));
    return { json: figures, text: describeFigures(figures) };
  },
});
