import { type Hex, keccak256, stringToBytes } from "viem";
import { z } from "zod";
import { canonicalJson, type Json } from "../canonicalJson";
import { readStrict, RefusedInputError, wholeNumber } from "../strictJson";
import { MAX_RAMP_EPOCHS, type PolicyConstants, problemOf } from "./bounds";
import { isSame, readPolicy } from "./policy";
import { PolicyTimeline, type PolicyVersion } from "./timeline";

const versionSchema = z.strictObject(
  {
    fromEpoch: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    rampEpochs: wholeNumber(0, MAX_RAMP_EPOCHS).default(0),
    policy: z.unknown().refine((value) => value !== undefined),
  },
  "must be an object",
);

/**
 * Reads a policy version `{ fromEpoch, rampEpochs?, policy }`, whose policy holds the fields that differ from the
 * default.
 *
 * @param before the valid versions published before it. It ramps from them, and is not added to them.
 * @param constants the constants that its policy is judged by.
 * @param at where the version stands in its file, for the names of fields in errors.
 * @throws RefusedInputError if a field is wrong, or if the policy breaks a bound at any step of its ramp.
 */
export function readPolicyVersion(
  before: PolicyTimeline,
  json: unknown,
  constants: PolicyConstants,
  at = "",
): PolicyVersion {
  const { fromEpoch, rampEpochs, policy } = readStrict(versionSchema, json, at);
  const text = { fromEpoch, rampEpochs, policy: readPolicy(policy, at === "" ? "policy" : `${at}.policy`) };
  const version = before.following(text);
  const problem = problemOf(version, constants);
  if (problem !== undefined) throw new RefusedInputError(at, problem);
  return version;
}

/** A version as the PolicyRegistry's event carries it. */
export interface PublishedPolicy {
  readonly fromEpoch: bigint;
  readonly json: string;
}

/** A version as it was published, and whether it counts. */
export interface JudgedPolicy {
  /** Its place in the PolicyRegistry. */
  readonly index: number;
  readonly fromEpoch: number;
  readonly json: string;
  /** keccak256 of the published text, as the registry keeps it. */
  readonly hash: Hex;
  /** The version as read; null if the text is invalid and therefore ignored. */
  readonly version: PolicyVersion | null;
  /** Why it is ignored; null if it counts. */
  readonly problem: string | null;
}

/** Most characters of a text that is read, so none nests deeply: with every field at its longest, a version has 596. */
const MAX_TEXT_LENGTH = 1_024;

/**
 * The policies of a deployment, from its published versions. Each is judged once, when it is taken, against those
 * before it. A later version never changes the policy of an epoch that has begun, because the registry refuses a start
 * that has passed: one history of everything published so far holds for every epoch up to the running one.
 *
 * An invalid version (not canonical JSON, a start other than its event's, wrong fields, a broken bound) is ignored, and
 * the one before stays in force, so that no published text can stop the keeper. Everyone judges alike: by the
 * deployment's constants, without recursion, and in at most MAX_RAMP_EPOCHS steps per version.
 */
export class PolicyHistory {
  readonly #judged: JudgedPolicy[] = [];
  readonly #timeline = new PolicyTimeline();

  constructor(private readonly constants: PolicyConstants) {}

  /** Every version that was taken, valid or not, in the order of publication. */
  get judged(): readonly JudgedPolicy[] {
    return this.#judged;
  }

  /** The valid ones among them. */
  get timeline(): PolicyTimeline {
    return this.#timeline;
  }

  /** Whether these versions begin with those taken, and are judged by the same constants. */
  isBeginningOf(published: readonly PublishedPolicy[], constants: PolicyConstants): boolean {
    return (
      isSame(this.constants, constants) &&
      this.#judged.every(({ fromEpoch, json }, index) => {
        const policy = published[index];
        return policy?.json === json && Number(policy.fromEpoch) === fromEpoch;
      })
    );
  }

  /** Judges and adds the version that was published next. */
  take(published: PublishedPolicy): void {
    const { json } = published;
    const judgement = this.#judge(published);
    if (judgement.version !== null) this.#timeline.add(judgement.version);
    const hash = keccak256(stringToBytes(json));
    this.#judged.push({ index: this.#judged.length, fromEpoch: Number(published.fromEpoch), json, hash, ...judgement });
  }

  #judge(published: PublishedPolicy): Pick<JudgedPolicy, "version" | "problem"> {
    try {
      return { version: readPublished(this.#timeline, published, this.constants), problem: null };
    } catch (error) {
      if (error instanceof RefusedInputError) return { version: null, problem: error.message };
      throw error;
    }
  }
}

/**
 * Judges every version that was published, in the order of publication.
 * @param known What was judged before. It is continued if its versions and constants are still the same, so nothing is
 * judged twice; if they aren't, because a chain was reorganised or an endpoint lied, everything is judged again.
 */
export function judgePolicies(
  published: readonly PublishedPolicy[],
  constants: PolicyConstants,
  known = new PolicyHistory(constants),
): PolicyHistory {
  const history = known.isBeginningOf(published, constants) ? known : new PolicyHistory(constants);
  for (const policy of published.slice(history.judged.length)) history.take(policy);
  return history;
}

/** Reads only canonical text, since two readers may read any other (say with a field given twice) differently. */
function readPublished(
  before: PolicyTimeline,
  { fromEpoch, json }: PublishedPolicy,
  constants: PolicyConstants,
): PolicyVersion {
  const version = readPolicyVersion(before, parseCanonical(json), constants);
  if (BigInt(version.fromEpoch) !== fromEpoch) {
    throw new RefusedInputError("fromEpoch", `must be ${fromEpoch.toString()}, the epoch it was published for`);
  }
  return version;
}

function parseCanonical(text: string): unknown {
  if (text.length > MAX_TEXT_LENGTH) throw new RefusedInputError("", `has more than ${MAX_TEXT_LENGTH} characters`);
  const value = jsonOf(text);
  if (value === undefined) throw new RefusedInputError("", "is not JSON");
  if (value.canonical !== text) throw new RefusedInputError("", "is not canonical JSON (RFC 8785)");
  return value.json;
}

/** Undefined if it is not JSON, or is JSON without a canonical text: numbers beyond a double. */
function jsonOf(text: string): { readonly json: unknown; readonly canonical: string } | undefined {
  try {
    const json = JSON.parse(text) as Json;
    return { json, canonical: canonicalJson(json) };
  } catch (error) {
    // This is no fault of the text: this machine's stack is exhausted.
    if (error instanceof RangeError) throw error;
    return undefined;
  }
}
