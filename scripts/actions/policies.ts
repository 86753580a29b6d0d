import { type NetworkConfig } from "../config/networkConfig";
import { canonicalJson, type Json } from "../core/canonicalJson";
import { changesBetween, DEFAULT_POLICY, type PolicyChange } from "../core/policy/policy";
import { type JudgedPolicy, type PolicyHistory, readPolicyVersion } from "../core/policy/history";
import { PolicyTimeline, type PolicyVersion, stepsOf } from "../core/policy/timeline";
import { renderTable } from "../show/table";
import { type PolicyInForce } from "../views/publishedPolicies";
import { type Hex } from "viem";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { transact } from "../chain/transact";
import { handwrittenBytes, readJsonFile } from "../keeper/archive/jsonFile";
import { readPolicyConstants, readPolicyHistory } from "../keeper/facts/registries";

type ConfiguredPolicy = NetworkConfig["policies"][number];

/**
 * The versions of the file that are not published yet: those after its last published one. Both lists are in the order
 * of publication; the chain's may hold others in between.
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
 * Compares the file's versions with the published ones, and the resulting policies field by field: in epochs that
 * differ, `from` is the chain's value, and `to` the file's.
 * @param firstEpoch,epochCount The epochs for which the policies are compared.
 */
export function comparePolicies(
  configured: readonly ConfiguredPolicy[],
  { judged, timeline }: PolicyHistory,
  firstEpoch: number,
  epochCount: number,
) {
  const unpublished = unpublishedPolicies(configured, judged);
  const matched = configured.slice(0, configured.length - unpublished.length);
  let next = 0;
  const versions = [
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

/** How the network's file differs from the chain, for people. */
export function describeDiff({ isSame, versions, epochs }: ReturnType<typeof comparePolicies>): string {
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

/** A version must not be published; the message says why. */
export class PolicyRefusedError extends Error {
  override readonly name = "PolicyRefusedError";
}

/** How a version changes the policy in force before it, in one epoch: a ramp has several steps, anything else one. */
export interface PolicyStep {
  readonly epoch: number;
  readonly changes: readonly PolicyChange[];
}

/** The outcome of publishing. */
export type PublishOutcome =
  | { readonly kind: "nothingToDo"; readonly reason: string }
  | {
      readonly kind: "published";
      readonly fromEpoch: number;
      readonly json: string;
      readonly steps: readonly PolicyStep[];
      /** First epochs of earlier published versions that are still pending and now never come into force. */
      readonly replaces: readonly number[];
      readonly transactionHash: Hex;
    };

/**
 * Publishes a version: the one in `file`, or the first of the network's configuration that is not published yet.
 * @throws RefusedInputError if a field is wrong, or the policy breaks a bound at any step of its ramp;
 * PolicyRefusedError if it starts too early.
 */
export async function publishPolicy(connection: Connection, signer: Signer, file?: string): Promise<PublishOutcome> {
  const { contracts, deployment } = connection;
  const { policyRegistry } = contracts;
  const { judged, timeline } = await readPolicyHistory(connection);
  const json =
    file === undefined
      ? unpublishedPolicies(deployment.config.policies, judged)[0]?.json
      : canonicalJson(readJsonFile(file, handwrittenBytes) as Json);
  if (json === undefined) {
    return { kind: "nothingToDo", reason: "every version of the network's configuration is already published" };
  }
  if (json === judged.at(-1)?.json) {
    return { kind: "nothingToDo", reason: "the version published last is the same" };
  }
  const version = readPolicyVersion(timeline, JSON.parse(json), await readPolicyConstants(connection));
  await requireFutureStart(connection, version);
  const args = [BigInt(version.fromEpoch), json] as const;
  const { fromEpoch } = version;
  const change = { fromEpoch, steps: changesOf(version), replaces: timeline.startsFrom(fromEpoch) };
  const call = { ...policyRegistry, functionName: "publishPolicy", args } as const;
  const { transactionHash } = await transact(connection, signer, call, describeVersion(change));
  return { kind: "published", ...change, json, transactionHash };
}

async function requireFutureStart({ contracts }: Connection, { fromEpoch }: PolicyVersion): Promise<void> {
  const earliestEpoch = await contracts.policyRegistry.read.nextEpoch({ blockTag: "pending" });
  if (fromEpoch < earliestEpoch) {
    throw new PolicyRefusedError(
      `fromEpoch must be at least ${earliestEpoch}, not ${fromEpoch}: a policy must start after the running epoch, so that nobody can choose it knowing the epoch's facts.`,
    );
  }
}

/** The steps from the policy in force right before the version to the version's own. */
function changesOf(version: PolicyVersion): readonly PolicyStep[] {
  let { before } = version;
  return Array.from(stepsOf(version), ({ epoch, policy }) => {
    const changes = changesBetween(before, policy);
    before = policy;
    return { epoch, changes };
  });
}

/** What was published, what it changes and when, for people. */
export function describePublishing(outcome: PublishOutcome): string {
  if (outcome.kind === "nothingToDo") return `Nothing to do: ${outcome.reason}.`;
  return describeVersion(outcome).join("\n");
}

function describeVersion({
  fromEpoch,
  steps,
  replaces,
}: Pick<Extract<PublishOutcome, { kind: "published" }>, "fromEpoch" | "steps" | "replaces">): readonly string[] {
  return [
    `Published a policy, effective in epoch ${fromEpoch}.`,
    ...steps.map(({ epoch, changes }) =>
      changes.length === 0
        ? `epoch ${epoch}: nothing changes`
        : `epoch ${epoch}: ${changes.map(describeChange).join(", ")}`,
    ),
    ...replaces.map((replaced) => `It replaces the version that would have started in epoch ${replaced}.`),
  ];
}
