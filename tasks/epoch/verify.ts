import { chainOf } from "../shared/chain";
import { command } from "../shared/command";
import { progressOnStderr } from "../shared/progress";
import { parseWhole } from "../shared/parameters";

command({
  scope: "epoch",
  name: "verify",
  description:
    "Compute epochs again from the chain alone and compare every field; exits 1 on any difference. " +
    'No archive endpoint is needed. --json: { kind: "verified", fromEpoch, toEpoch } or { kind: "different", epoch, difference, ' +
    "findings: [{ epoch, difference | null, repostDifference | null, root, rightRoot, isVetoed, isReposted }] } or " +
    '{ kind: "notSettled", epoch, settledEpochs } or { kind: "alreadyVerified", epoch }',
  params: {
    epoch: { kind: "required", description: "Up to which epoch" },
    from: { kind: "optional", description: "The first epoch to judge (default 0); those before it are computed too" },
    checkpoint: {
      kind: "optional",
      description:
        "Begin after the epoch of this file, if it exists, and write it when all agrees; trust only your own",
    },
  },
  async run({ epoch, from, checkpoint }, hre) {
    const { describeVerification } = await import("../../scripts/show/describeVerification");
    const { verifyWithCheckpoint } = await import("../../scripts/keeper/verify/verifyWithCheckpoint");
    const lastEpoch = parseWhole("epoch", epoch);
    const fromEpoch = from === undefined ? undefined : parseWhole("from", from, lastEpoch);
    const verification = await verifyWithCheckpoint(await chainOf(hre), lastEpoch, {
      fromEpoch,
      checkpointFile: checkpoint,
      onProgress: await progressOnStderr(),
    });
    return {
      json: verification,
      text: describeVerification(verification),
      exitCode: verification.kind === "different" || verification.kind === "notSettled" ? 1 : 0,
    };
  },
});
