import { formatMdt } from "./amounts";
import { type RepostOutcome } from "../keeper/settle/repostEpoch";

/** What came of looking for a vetoed root, for people. */
export function describeRepost(outcome: RepostOutcome): string {
  if (outcome.kind === "nothingToDo") return "Nothing to do: the newest epoch's root is not vetoed.";
  const { epoch, terms } = outcome;
  const lines = [
    `Epoch ${epoch}: its posted rewards in the proportions that its facts call for.`,
    `root      ${terms.root}`,
    `returned  ${formatMdt(terms.returnedWei, 18)} MDT, back to the pool`,
  ];
  return outcome.kind === "ready"
    ? [...lines, `Nothing was sent: add --send to post the root.`].join("\n")
    : [...lines, `Posted by ${outcome.transactionHash}; the claim delay starts again.`].join("\n");
}
