import { type NetworkConfig } from "../config/networkConfig";
import { canonicalJson } from "../core/canonicalJson";
import { changesBetween, DEFAULT_POLICY, type PolicyChange } from "../core/policy/fields";
import { type JudgedPolicy, type PolicyHistory } from "../core/policy/history";
import { PolicyTimeline } from "../core/policy/versions";
import { renderTable } from "../show/table";
import { type PolicyInForce } from "../views/publishedPolicies";

type ConfiguredPolicy = NetworkConfig["policies"][number];

/** A version that the network's file or the chain has, or both. */
export interface ComparedVersion {
  readonly state: "published" | "notPublished" | "notConfigured";
  readonly fromEpoch: number;
  /** The canonical text. */
  readonly json: string;
}

/** An epoch for which the file and the chain have different policies: `from` is the chain's value, `to` the file's. */
export interface ComparedEpoch {
  readonly epoch: number;
  readonly changes: readonly PolicyChange[];
}

/** The network's file beside what is published. */
export interface PolicyDiff {
  readonly isSame: boolean;
  readonly versions: readonly ComparedVersion[];
  /** The epochs looked at in which the policies differ. */
  readonly epochs: readonly ComparedEpoch[];
}

/**
 * The versions of the file that are still to be published: those after the last one that is. Both lists are in the order
 * of publication, and the chain's may hold more in between.
 */
export function unpublishedPolicies(
  configured: readonly ConfiguredPolicy[],
  published: readonly JudgedPolicy[],
): readonly ConfiguredPolicy[] {
  let matched = 0;
  for (const { json } of published) if (configured[matched]?.json === json) matched++;
  return configured.slice(matched);
}

/**
 * Compares the file's versions with the published ones, and the policies that both lead to, field by field.
 * @param firstEpoch,epochCount The epochs for which the policies are compared.
 */
export function comparePolicies(
  configured: readonly ConfiguredPolicy[],
  { judged, timeline }: PolicyHistory,
  firstEpoch: number,
  epochCount: number,
): PolicyDiff {
  const unpublished = unpublishedPolicies(configured, judged);
  const matched = configured.slice(0, configured.length - unpublished.length);
  let next = 0;
  const versions: ComparedVersion[] = [
    ...judged.map(({ fromEpoch, json }) => {
      const isConfigured = matched[next]?.json === json;
      if (isConfigured) next++;
      return { state: isConfigured ? ("published" as const) : ("notConfigured" as const), fromEpoch, json };
    }),
    ...unpublished.map(({ fromEpoch, json }) => ({ state: "notPublished" as const, fromEpoch, json })),
  ];
  const inFile = new PolicyTimeline(configured);
  const epochs = Array.from({ length: epochCount }, (_, step) => firstEpoch + step)
    .map((epoch) => ({ epoch, changes: changesBetween(timeline.policyAt(epoch), inFile.policyAt(epoch)) }))
    .filter(({ changes }) => changes.length > 0);
  return { isSame: versions.every(({ state }) => state === "published"), versions, epochs };
}

const states = {
  published: "published",
  notPublished: "only in the file: not published yet",
  notConfigured: "only published: not in the file",
};

/** What the network's file and the chain have, for people. */
export function describeDiff({ isSame, versions, epochs }: PolicyDiff): string {
  if (isSame) return "The published versions are exactly those of the network's file.";
  return [
    ...versions.map(({ state, json }) => `${states[state]}: ${json}`),
    ...epochs.flatMap(({ epoch, changes }) => [
      `epoch ${epoch}, published → file:`,
      ...changes.map((change) => `  ${describeChange(change)}`),
    ]),
  ].join("\n");
}

/** The policies of epochs, then every published version, for people. */
export function describePolicies(inForce: readonly PolicyInForce[], published: readonly JudgedPolicy[]): string {
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

/** One field of a policy, before and after: "minerFeeCapBps 5000 → 4000". */
export function describeChange({ field, from, to }: PolicyChange): string {
  return `${field} ${canonicalJson(from)} → ${canonicalJson(to)}`;
}

function values(changes: readonly PolicyChange[]): string {
  return changes.map(({ field, to }) => `${field} ${canonicalJson(to)}`).join(", ") || "nothing";
}
