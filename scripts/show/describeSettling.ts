import { durationText } from "./moments";
import { type EpochStatus } from "../keeper/facts/epochStatus";
import { type JsonObject } from "../core/canonicalJson";
import { describeGap, gapJson } from "./describeQuorum";
import { describeEpoch } from "./describeEpoch";
import { writeEpochResult } from "../core/epochInput/writeEpoch";
import { type SettleOutcome } from "../keeper/settle/settleEpoch";
import { formatMdt } from "./amounts";
import { type RepostOutcome } from "../keeper/settle/repostEpoch";
import { type EpochFinding } from "../keeper/verify/verifyEpochs";
import { type CheckpointedVerification } from "../keeper/verify/checkpoint";
import { type AwaitedReveals } from "../views/epochTimes";

/** Where the network stands, in a few lines for people. */
export function describeStatus(status: EpochStatus): string {
  const { epoch, slot, timestamp, epochEndsAt, workClosesAt, nextEpochToSettle, dueAt, isDue, paused, pauseEndsAt } =
    status;
  const now =
    epoch === null || slot === null
      ? `Epoch 0 begins in ${durationText(epochEndsAt - timestamp)}.`
      : `Epoch ${epoch}, slot ${slot}. It ends in ${durationText(epochEndsAt - timestamp)}. ` +
        (timestamp < workClosesAt
          ? `Tasks completed in the next ${durationText(workClosesAt - timestamp)} count for it.`
          : `Tasks completed now count for epoch ${epoch + 1}.`);
  const due = isDue
    ? `Epoch ${nextEpochToSettle} has been due for ${durationText(timestamp - dueAt)}: run "npx mdt epoch settle --send".`
    : `Epoch ${nextEpochToSettle} can be settled in ${durationText(dueAt - timestamp)}.`;
  const ends =
    pauseEndsAt === null ? "until the admin ends the pause" : `for ${durationText(pauseEndsAt - timestamp)} at most`;
  return [now, due, ...(paused ? [`The Treasury is paused ${ends}: nobody can settle or claim.`] : [])].join("\n");
}

/** The outcome of settling, for programs: `kind` says which one it is. */
export function outcomeJson(outcome: SettleOutcome): JsonObject {
  if (outcome.kind === "notDue" || outcome.kind === "alreadySettled") return { ...outcome };
  if (outcome.kind === "quorumMissing") {
    const { gap, ...rest } = outcome;
    return { ...rest, ...gapJson(gap) };
  }
  const { computed, ...rest } = outcome;
  const { settlement, result } = computed;
  return { ...texts(rest), epoch: rest.epoch, settlement: texts(settlement), result: writeEpochResult(result) };
}

/** The outcome of settling, for people. */
export function describeOutcome(outcome: SettleOutcome): string {
  switch (outcome.kind) {
    case "notDue":
      return `Nothing to do: epoch ${outcome.epoch} can be settled in ${durationText(outcome.secondsLeft)}.`;
    case "alreadySettled":
      return `Nothing to do: epoch ${outcome.epoch} is already settled.`;
    case "quorumMissing":
      return describeGap(outcome.epoch, outcome.gap);
    case "ready":
    case "settled":
      return [
        describeEpoch(outcome.computed.assembled.inputs, outcome.computed.result),
        "",
        `root ${outcome.computed.settlement.rewardsRoot}`,
        outcome.kind === "ready"
          ? `Nothing was sent: add --send to settle epoch ${outcome.epoch}.`
          : `Settled epoch ${outcome.epoch} with ${outcome.transactionHash} (${outcome.gasUsed} gas), which paid ${outcome.paid} accounts.`,
      ].join("\n");
  }
}

function texts(fields: object): JsonObject {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}

/** The outcome of looking for a vetoed root, for people. */
export function describeRepost(outcome: RepostOutcome): string {
  if (outcome.kind === "nothingToDo") return "Nothing to do: the newest epoch's root is not vetoed.";
  const { epoch, terms } = outcome;
  if (outcome.kind === "quorumMissing") return describeGap(epoch, outcome.gap);
  const lines = [
    `Epoch ${epoch}: the posted rewards, split as computed from the epoch's facts.`,
    `root      ${terms.root}`,
    `returned to the pool ${formatMdt(terms.returnedWei, 18)} MDT`,
  ];
  return outcome.kind === "ready"
    ? [...lines, `Nothing was sent: add --send to post the root.`].join("\n")
    : [...lines, `Posted by ${outcome.transactionHash}; the claim delay starts again.`].join("\n");
}

/** The outcome of verifying, for people: one sentence or, if something differs, one line for each epoch that does. */
export function describeVerification(verification: CheckpointedVerification): string {
  switch (verification.kind) {
    case "verified":
      return verification.fromEpoch === verification.toEpoch
        ? `Epoch ${verification.toEpoch} was settled correctly: every field matches the computation.`
        : `Epochs ${verification.fromEpoch} to ${verification.toEpoch} were settled correctly: every field matches the computation.`;
    case "different":
      return verification.findings.map(describeFinding).join("\n");
    case "alreadyVerified":
      return `Nothing to do: according to the checkpoint, the epochs up to ${verification.epoch} are verified.`;
    case "notSettled":
      return `Epoch ${verification.epoch} is not settled yet. Settled epochs: ${verification.settledEpochs}.`;
  }
}

/** What is wrong with one epoch, and what became of its root. */
export function describeFinding(finding: EpochFinding): string {
  const { epoch, difference, repostDifference } = finding;
  const settled = difference === null ? [] : [`Epoch ${epoch} was settled incorrectly: ${difference}.`];
  const reposted =
    repostDifference === null ? [] : [`The reposted root of epoch ${epoch} is wrong: ${repostDifference}.`];
  return [...settled, ...reposted, remedyOf(finding)].join(" ");
}

function remedyOf({ root, rightRoot, isVetoed, isReposted }: EpochFinding): string {
  if (isVetoed) return "Its root was vetoed.";
  if (root !== rightRoot) return "Its root is wrong and is not vetoed.";
  return isReposted
    ? "Its root was vetoed, and the reposted root is correct for the posted amounts."
    : "Its root is correct for the posted amounts.";
}

/** A warning for people: whose scores will count as missed, and when. */
export function warningOf({ epoch, secondsLeft, validators }: AwaitedReveals): string {
  return `Not revealed yet for epoch ${epoch} (${durationText(secondsLeft)} left): ${validators.join(", ")}. Run "npx mdt score reveal".`;
}
