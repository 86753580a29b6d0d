import { formatMdt } from "../show/amounts";
import { type ProduceOutcome } from "./produce";

/** What came of `validator produce`, in one line for people. */
export function describeProduce(outcome: ProduceOutcome): string {
  const { validator } = outcome;
  switch (outcome.kind) {
    case "produced":
      return `${validator} produced slot ${outcome.slot} and was paid ${formatMdt(outcome.rewardWei)} MDT.`;
    case "alreadyProduced":
      return `Nothing to do: ${validator} has produced slot ${outcome.slot}.`;
    case "notLeader":
      return `Nothing to do: slot ${outcome.slot} is for ${outcome.leader} to produce, not for ${validator}.`;
    case "noLeaders":
      return `Nothing to do: there are no leaders yet, and ${validator} is not active in this epoch.`;
  }
}
