import { type EpochFinding } from "../keeper/verify/inspectEpoch";
import { type CheckpointedVerification } from "../keeper/verify/checkpoint";

/** What came of verifying, for people: one sentence, and where something differs one line for each epoch that does. */
export function describeVerification(verification: CheckpointedVerification): string {
  switch (verification.kind) {
    case "verified":
      return verification.fromEpoch === verification.toEpoch
        ? `Epoch ${verification.toEpoch} was settled exactly as its facts say.`
        : `Epochs ${verification.fromEpoch} to ${verification.toEpoch} were settled exactly as their facts say.`;
    case "different":
      return verification.findings.map(describeFinding).join("\n");
    case "alreadyVerified":
      return `Nothing to do: the checkpoint says that the epochs up to ${verification.epoch} were verified.`;
    case "notSettled":
      return `Epoch ${verification.epoch} is not settled yet: ${verification.settledEpochs} epochs are.`;
  }
}

/** What was found of one epoch that has a difference, and what became of its root. */
export function describeFinding(finding: EpochFinding): string {
  const { epoch, difference, repostDifference } = finding;
  const settled =
    difference === null ? [] : [`Epoch ${epoch} was settled otherwise than its facts say: ${difference}.`];
  const reposted = repostDifference === null ? [] : [`Epoch ${epoch} was posted again wrongly: ${repostDifference}.`];
  return [...settled, ...reposted, remedyOf(finding)].join(" ");
}

function remedyOf({ root, rightRoot, isVetoed, isReposted }: EpochFinding): string {
  if (isVetoed) return "Its root is vetoed.";
  if (root !== rightRoot) return "Its root was neither vetoed nor posted again rightly.";
  return isReposted
    ? "Its root was vetoed and posted again rightly: the posted rewards in the proportions that its facts call for."
    : "Its root divides what was posted in the proportions that its facts call for.";
}
