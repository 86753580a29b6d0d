import { durationText } from "../show/duration";
import { type CommitOutcome, type RevealOutcome } from "./scores";

/** A commitment in two lines for people: what holds now, and when to reveal. */
export function describeCommit({ kind, validator, epoch, opensAt, closesAt, savedTo }: CommitOutcome): string {
  const done =
    kind === "committed"
      ? `${validator} is committed to its scores for epoch ${epoch}; what the reveal needs is in ${savedTo}.`
      : `Nothing to do: ${validator} is committed to these scores for epoch ${epoch} already.`;
  return `${done}\nRun "npx hardhat score reveal" from ${dateOf(opensAt)} on and before ${dateOf(closesAt)}.`;
}

/** What came of a reveal, in one line for people. */
export function describeReveal(outcome: RevealOutcome): string {
  const { validator } = outcome;
  switch (outcome.kind) {
    case "revealed":
      return `${validator} revealed its scores for epoch ${outcome.epoch}.`;
    case "alreadyRevealed":
      return `Nothing to do: ${validator} has revealed its scores for epoch ${outcome.epoch}.`;
    case "nothingCommitted":
      return `Nothing to do: ${validator} committed to no scores for epoch ${outcome.epoch}.`;
    case "noWindow":
      return outcome.next === null
        ? `Nothing to do: no reveal window is open, and ${validator} is committed to no scores in this epoch.`
        : `Nothing to do yet: ${validator} can reveal its scores for epoch ${outcome.next.epoch} in ${durationText(outcome.next.secondsToOpen)}, for ${durationText(outcome.next.closesAt - outcome.next.opensAt)}.`;
  }
}

function dateOf(timestamp: number): string {
  return new Date(timestamp * 1_000).toISOString();
}
