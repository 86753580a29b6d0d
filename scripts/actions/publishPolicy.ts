import { type Hex } from "viem";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { transact } from "../chain/transact";
import { cheapTaskFee } from "../config/requirements";
import { canonicalJson, type Json } from "../core/canonicalJson";
import { changesBetween, type PolicyChange } from "../core/policy/fields";
import { readPolicyVersion } from "../core/policy/published";
import { policyAt, type PolicyVersion } from "../core/policy/versions";
import { readJsonFile } from "../keeper/archive/readJsonFile";
import { describeChange, unpublishedPolicies } from "./comparePolicies";
import { countingVersions, readPublishedPolicies } from "../views/publishedPolicies";

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
 * @throws RefusedInputError where a field is wrong, or the policy could burn above the Treasury's bound at any step of its
 * ramp; PolicyRefusedError where it starts too early or makes buying tasks pay.
 */
export async function publishPolicy(connection: Connection, signer: Signer, file?: string): Promise<PublishOutcome> {
  const { policyRegistry } = connection.contracts;
  const published = await readPublishedPolicies(connection);
  const counting = countingVersions(published);
  const json =
    file === undefined
      ? unpublishedPolicies(connection.deployment.config.policies, published)[0]?.json
      : canonicalJson(readJsonFile(file) as Json);
  if (json === undefined) {
    return { kind: "nothingToDo", reason: "every version of the network's configuration is published" };
  }
  if (json === published.at(-1)?.json) {
    return { kind: "nothingToDo", reason: "this very version is the one that was published last" };
  }
  const version = readPolicyVersion(counting, JSON.parse(json), "");
  await requirePublishable(connection, [...counting, version]);
  const args = [BigInt(version.fromEpoch), json] as const;
  const { transactionHash } = await transact(connection, signer, {
    ...policyRegistry,
    functionName: "publishPolicy",
    args,
  });
  return {
    kind: "published",
    fromEpoch: version.fromEpoch,
    json,
    steps: stepsOf(counting, version),
    replaces: counting.map(({ fromEpoch }) => fromEpoch).filter((fromEpoch) => fromEpoch >= version.fromEpoch),
    transactionHash,
  };
}

/** @param versions The ones that count, the last of which is to be published. */
async function requirePublishable(connection: Connection, versions: readonly PolicyVersion[]): Promise<void> {
  const { policyRegistry, taskRegistry } = connection.contracts;
  const { fromEpoch } = versions.at(-1)!;
  const [earliestEpoch, taskTypes] = await Promise.all([
    policyRegistry.read.nextEpoch({ blockTag: "pending" }),
    taskRegistry.read.taskTypes(),
  ]);
  if (fromEpoch < earliestEpoch) {
    throw new PolicyRefusedError(
      `A policy must start after the running epoch, so that nobody chooses it having seen the epoch: fromEpoch must be at least ${earliestEpoch}, not ${fromEpoch}.`,
    );
  }
  const open = taskTypes.filter(({ isOpen }) => isOpen);
  const cheap = open.find(({ minFeeWei }) => cheapTaskFee(minFeeWei, connection.deployment.config, versions));
  if (cheap !== undefined) {
    throw new PolicyRefusedError(
      `Under this policy buying tasks would pay: task type ${taskTypes.indexOf(cheap)} costs too little for maxExpectedTasks and the weights of volume and difficulty.`,
    );
  }
}

/** How the policy moves from what is in force right before the version to the version's own. */
function stepsOf(before: readonly PolicyVersion[], version: PolicyVersion): readonly PolicyStep[] {
  const { fromEpoch, rampEpochs } = version;
  return Array.from({ length: Math.max(rampEpochs, 1) }, (_, step) => ({
    epoch: fromEpoch + step,
    changes: changesBetween(
      step === 0 ? policyAt(before, fromEpoch - 1) : policyAt([...before, version], fromEpoch + step - 1),
      policyAt([...before, version], fromEpoch + step),
    ),
  }));
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
