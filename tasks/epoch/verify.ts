import { chainOf } from "../shared/chain";
import { command } from "../shared/command";
import { progressOnStderr } from "../shared/progress";
import { parseWhole } from "../shared/parameters";

command({
  scope: "epoch",
  name: "verify",
  description: "Compute an epoch, and those before it, again from the chain alone; exits 1 on any difference",
  params: { epoch: { kind: "required", description: "Which epoch" } },
  async run({ epoch }, hre) {
    const { describeVerification } = await import("../../scripts/keeper/describeVerification");
    const { verifyEpochs } = await import("../../scripts/keeper/verifyEpochs");
    const verification = await verifyEpochs(await chainOf(hre), parseWhole("epoch", epoch), await progressOnStderr());
    return {
      json: verification,
      text: describeVerification(verification),
      exitCode: verification.kind === "verified" ? 0 : 1,
    };
  },
});
