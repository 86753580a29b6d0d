import { command } from "../shared/command";

command({
  scope: "score",
  name: "consensus",
  description: "Run Yuma consensus offline over a file of weights, stakes and bonds",
  params: { input: { kind: "required", description: "A file with one case, or an array of them" } },
  async run({ input }) {
    const { consensusCases } = await import("../../scripts/commands/consensusCases");
    return consensusCases(input);
  },
});
