import { renderTable } from "../../show/table";
import { canonicalJson } from "../../core/canonicalJson";
import { changesBetween, DEFAULT_POLICY, type PolicyChange } from "../../core/policy/fields";
import { type PolicyDiff } from "./policyDiff";
import { type PolicyInForce, type PublishedVersion } from "../../views/publishedPolicies";
import { type PublishOutcome } from "./publishPolicy";

/** The policies of epochs, then every published version, for people. */
export function describePolicies(inForce: readonly PolicyInForce[], published: readonly PublishedVersion[]): string {
  return [
    renderTable(
      [">epoch", "policy hash", "differs from the default in"],
      inForce.map(({ epoch, policyHash, policy }) => [
        String(epoch),
        policyHash,
        values(changesBetween(DEFAULT_POLICY, policy)),
      ]),
    ),
    "",
    renderTable(
      [">version", ">from epoch", ">ramp", "hash", "counts"],
      published.map(({ index, fromEpoch, version, hash, problem }) => [
        String(index),
        String(fromEpoch),
        version === null ? "-" : String(version.rampEpochs),
        hash,
        problem === null ? "yes" : `no: ${problem}`,
      ]),
    ),
  ].join("\n");
}

const states = {
  published: "published",
  notPublished: "only in the file: not published yet",
  notConfigured: "only published: not in the file",
};

/** What the network's file and the chain have, for people. */
export function describeDiff({ isSame, versions, epochs }: PolicyDiff): string {
  if (isSame) return "Every version of the network's file is published, and nothing else is.";
  return [
    ...versions.map(({ state, json }) => `${states[state]}: ${json}`),
    ...epochs.flatMap(({ epoch, changes }) => [
      `epoch ${epoch}, published → file:`,
      ...changes.map((change) => `  ${describeChange(change)}`),
    ]),
  ].join("\n");
}

/** What was published and what it changes when, for people. */
export function describePublishing(outcome: PublishOutcome): string {
  if (outcome.kind === "nothingToDo") return `Nothing to do: ${outcome.reason}.`;
  return [
    `Published: a policy from epoch ${outcome.fromEpoch} on.`,
    ...outcome.steps.map(({ epoch, changes }) =>
      changes.length === 0
        ? `epoch ${epoch}: nothing changes`
        : `epoch ${epoch}: ${changes.map(describeChange).join(", ")}`,
    ),
    ...outcome.replaces.map((fromEpoch) => `It replaces the version that was to start in epoch ${fromEpoch}.`),
  ].join("\n");
}

function describeChange({ field, from, to }: PolicyChange): string {
  return `${field} ${canonicalJson(from)} → ${canonicalJson(to)}`;
}

function values(changes: readonly PolicyChange[]): string {
  return changes.map(({ field, to }) => `${field} ${canonicalJson(to)}`).join(", ") || "nothing";
}
