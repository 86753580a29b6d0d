import { type Hex, keccak256, stringToBytes } from "viem";
import { nextTimestamp } from "../chain/blocks";
import { type Connection } from "../chain/connection";
import { type Policy, policyHash } from "../core/policy/fields";
import { validVersions } from "../core/policy/published";
import { policyAt, type PolicyVersion } from "../core/policy/versions";
import { readPolicies, readPolicyConstants } from "../keeper/facts/readPolicies";

/** A version as it was published. */
export interface PublishedVersion {
  /** Its place in the PolicyRegistry. */
  readonly index: number;
  readonly fromEpoch: number;
  readonly json: string;
  /** keccak256 of the published text, as the registry keeps it. */
  readonly hash: Hex;
  /** What the text says; null where it is invalid and therefore ignored. */
  readonly version: PolicyVersion | null;
  /** Why it is ignored; null where it counts. */
  readonly problem: string | null;
}

/** Every version published so far, in the order of publication, valid or not. */
export async function readPublishedPolicies(connection: Connection): Promise<readonly PublishedVersion[]> {
  const [published, constants] = await Promise.all([readPolicies(connection), readPolicyConstants(connection)]);
  const { versions, ignored } = validVersions(published, constants);
  const problems = new Map(ignored.map(({ index, problem }) => [index, problem]));
  const valid = versions[Symbol.iterator]();
  return published.map(({ fromEpoch, json }, index) => {
    const problem = problems.get(index) ?? null;
    return {
      index,
      fromEpoch: Number(fromEpoch),
      json,
      hash: keccak256(stringToBytes(json)),
      version: problem === null ? valid.next().value! : null,
      problem,
    };
  });
}

/** The versions that count, in the order of publication. */
export function countingVersions(published: readonly PublishedVersion[]): readonly PolicyVersion[] {
  return published.flatMap(({ version }) => version ?? []);
}

/** The policy of one epoch. */
export interface PolicyInForce {
  readonly epoch: number;
  /** The `policyHash` that the epoch's settlement must have. */
  readonly policyHash: Hex;
  readonly policy: Policy;
}

/** The policies of the running epoch and of those after it, `count` in all. */
export function policiesInForce(
  versions: readonly PolicyVersion[],
  firstEpoch: number,
  count: number,
): readonly PolicyInForce[] {
  return Array.from({ length: count }, (_, step) => {
    const policy = policyAt(versions, firstEpoch + step);
    return { epoch: firstEpoch + step, policyHash: policyHash(policy), policy };
  });
}

/** The running epoch, by the time that the next block would have; 0 also before genesis. */
export async function runningEpoch({ reader, deployment }: Connection): Promise<number> {
  const { slotSeconds, slotsPerEpoch } = deployment.config.clock;
  const secondsIn = Number(await nextTimestamp(reader)) - deployment.choices.genesisTimestamp;
  return Math.max(0, Math.floor(secondsIn / (slotSeconds * slotsPerEpoch)));
}
