import { type Hex } from "viem";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { transact } from "../chain/transact";
import { canonicalJson, type Json } from "../core/canonicalJson";
import { changesBetween, type PolicyChange } from "../core/policy/fields";
import { stepsOf } from "../core/policy/ramp";
import { readPolicyVersion } from "../core/policy/readPolicy";
import { type PolicyVersion } from "../core/policy/versions";
import { handwrittenBytes, readJsonFile } from "../keeper/archive/readJsonFile";
import { readPolicyConstants, readPolicyHistory } from "../keeper/facts/readPolicies";
import { describeChange, unpublishedPolicies } from "./comparePolicies";

/** A version that must not be published, and why. */
export class PolicyRefusedError extends Error {
  override readonly name = "PolicyRefusedError";
}

/** What a version makes of the policy in force before it, epoch by epoch: a ramp has several steps, anything else one. */
export interface PolicyStep {
  readonly epoch: number;
  readonly changes: readonly PolicyChange[];
}

/** What came of publishing. */
export type PublishOutcome =
  | { readonly kind: "nothingToDo"; readonly reason: string }
  | {
      readonly kind: "published";
      readonly fromEpoch: number;
      readonly json: string;
      readonly steps: readonly PolicyStep[];
      /** Starts of versions that were published earlier, still wait, and never come into force now. */
      readonly replaces: readonly number[];
      readonly transactionHash: Hex;
    };

/**
 * Publishes a version: the one in `file`, or the first of the network's configuration that is not published yet.
 * @throws RefusedInputError where a field is wrong, or the policy breaks a bound at any step of its ramp;
 * PolicyRefusedError where it starts too early.
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

/** How the policy moves from what is in force right before the version to the version's own. */
function changesOf(version: PolicyVersion): readonly PolicyStep[] {
  let { before } = version;
  return Array.from(stepsOf(version), ({ epoch, policy }) => {
    const changes = changesBetween(before, policy);
    before = policy;
    return { epoch, changes };
  });
}

/** What was published and what it changes when, for people. */
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
