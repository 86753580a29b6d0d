import { command } from "../shared/command";
import { progressOnStderr } from "../shared/progress";

command({
  scope: "epoch",
  name: "preview",
  description: "Compute an epoch offline from a file of inputs",
  params: { input: { kind: "required", description: "A file with one epoch's inputs, or an array of them" } },
  async run({ input }) {
    const { previewEpochs } = await import("../../scripts/commands/previewEpochs");
    return previewEpochs(input, await progressOnStderr());
  },
});
