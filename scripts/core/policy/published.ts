import { z } from "zod";
import { canonicalJson, type Json } from "../canonicalJson";
import { readStrict, RefusedInputError, wholeNumber } from "../strictJson";
import { MAX_BURN_BPS } from "./burnBound";
import { readPolicy } from "./readPolicy";
import { firstEpochAboveBurnBound, type PolicyVersion } from "./versions";

/** A version as the PolicyRegistry's event carries it. */
export interface PublishedPolicy {
  readonly fromEpoch: bigint;
  readonly json: string;
}

/** A published version that is invalid, its place in the registry, and why. */
export interface IgnoredPolicy {
  readonly index: number;
  readonly problem: string;
}

/** The longest ramp: 10 000 epochs, 27 years of days. */
const MAX_RAMP_EPOCHS = 10_000;

const versionSchema = z.strictObject(
  {
    fromEpoch: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    rampEpochs: wholeNumber(0, MAX_RAMP_EPOCHS).default(0),
    policy: z.unknown().refine((value) => value !== undefined),
  },
  "must be an object",
);

/**
 * Reads a policy version `{ fromEpoch, rampEpochs?, policy }`, whose policy holds what differs from the default.
 *
 * @param before the valid versions published before it, from which it ramps.
 * @param at where the version stands in its file, for the names of fields in errors.
 * @throws RefusedInputError if a field is wrong, or if the policy could burn more than the Treasury's bound, at any
 * step of its ramp.
 */
export function readPolicyVersion(before: readonly PolicyVersion[], json: unknown, at: string): PolicyVersion {
  const { fromEpoch, rampEpochs, policy } = readStrict(versionSchema, json, at);
  const version = { fromEpoch, rampEpochs, policy: readPolicy(policy, at === "" ? "policy" : `${at}.policy`) };
  const tooHigh = firstEpochAboveBurnBound(before, version);
  if (tooHigh !== undefined) {
    throw new RefusedInputError(
      at,
      `is a policy that could burn more than ${MAX_BURN_BPS} basis points of the emission of epoch ${tooHigh}`,
    );
  }
  return version;
}

/**
 * The versions that count among those published, in their order. One that is invalid (not canonical JSON, a start other
 * than its event's, wrong fields, burns above the bound) is ignored, and the one before stays in force:
 * whatever was published, it never stops the keeper.
 */
export function validVersions(published: readonly PublishedPolicy[]): {
  readonly versions: readonly PolicyVersion[];
  readonly ignored: readonly IgnoredPolicy[];
} {
  const versions: PolicyVersion[] = [];
  const ignored: IgnoredPolicy[] = [];
  published.forEach((policy, index) => {
    try {
      versions.push(readPublished(versions, policy));
    } catch (error) {
      ignored.push({ index, problem: (error as Error).message });
    }
  });
  return { versions, ignored };
}

/** Only the canonical text is read, since of any other (say with a field given twice) two readers may make two things. */
function readPublished(before: readonly PolicyVersion[], { fromEpoch, json }: PublishedPolicy): PolicyVersion {
  const value = parseCanonical(json);
  const version = readPolicyVersion(before, value, "");
  if (BigInt(version.fromEpoch) !== fromEpoch) {
    throw new RefusedInputError("fromEpoch", `must be ${fromEpoch.toString()}, the epoch for which it was published`);
  }
  return version;
}

function parseCanonical(text: string): unknown {
  const value = jsonOf(text);
  if (value === undefined) throw new RefusedInputError("", "is not JSON");
  if (value.canonical !== text) throw new RefusedInputError("", "is not canonical JSON (RFC 8785)");
  return value.json;
}

/** Undefined for what is not JSON, or JSON without a canonical text: numbers beyond a double. */
function jsonOf(text: string): { readonly json: unknown; readonly canonical: string } | undefined {
  try {
    const json = JSON.parse(text) as Json;
    return { json, canonical: canonicalJson(json) };
  } catch {
    return undefined;
  }
}
