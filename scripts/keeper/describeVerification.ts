import { type Verification } from "./verifyEpochs";

/** What came of verifying, in one sentence for people. */
export function describeVerification(verification: Verification): string {
  switch (verification.kind) {
    case "verified":
      return verification.toEpoch === 0
        ? "Epoch 0 was settled exactly as its facts say."
        : `Epochs 0 to ${verification.toEpoch} were settled exactly as their facts say.`;
    case "different":
      return `Epoch ${verification.epoch} was settled otherwise than its facts say: ${verification.difference}.`;
    case "notSettled":
      return `Epoch ${verification.epoch} is not settled yet: ${verification.settledEpochs} epochs are.`;
  }
}
