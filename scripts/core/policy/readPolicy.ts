import { z } from "zod";
import { decimalString, readStrict, RefusedInputError, wholeNumber } from "../strictJson";
import { MAX_RAMP_EPOCHS, type PolicyConstants, problemOf } from "./bounds";
import { type PolicyTimeline, type PolicyVersion } from "./timeline";
import { DEFAULT_POLICY, type Policy } from "./fields";
import { ONE_IN_BPS, U16_MAX } from "../fixedPoint";

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
 * @param before the valid versions published before it, from which it ramps. It is not added to them.
 * @param constants what its bounds are judged by.
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

const bps = wholeNumber(0, ONE_IN_BPS);
const u16 = wholeNumber(0, U16_MAX);
const fractionError = "must be a number from 0 to 1";
const fraction = z.number(fractionError).min(0, fractionError).max(1, fractionError);

const liquidAlpha = z
  .strictObject(
    { low: fraction, high: fraction, steepness: wholeNumber(0, 32_767) },
    "must be null or an object with low, high and steepness",
  )
  .refine(({ low, high }) => low <= high, "must have a low that is not above its high");

/** A policy in JSON: only what differs from the default needs to be there. */
const policySchema = z
  .strictObject(
    {
      weightsBps: z.tuple([bps, bps, bps], "must be a list of three weights in basis points"),
      maxExpectedTasks: wholeNumber(1, Number.MAX_SAFE_INTEGER),
      minerShareBps: bps,
      validatorShareBps: bps,
      daoShareBps: bps,
      qualityThresholdBps: bps,
      qualityPenaltyThresholdBps: bps,
      difficultyFloorTasks: wholeNumber(0, Number.MAX_SAFE_INTEGER),
      participationFloorWei: decimalString(2n ** 128n - 1n, "2^128 - 1"),
      minerRule: z.enum(["work", "incentive"], 'must be "work" or "incentive"'),
      minerFeeCapBps: bps.nullable(),
      validatorRule: z.enum(["stake", "yuma2", "yuma3"], 'must be "stake", "yuma2" or "yuma3"'),
      kappaU16: u16,
      bondsPenaltyU16: u16,
      bondsMovingAverage: wholeNumber(0, 1_000_000),
      liquidAlpha: liquidAlpha.nullable(),
    },
    "must be an object",
  )
  .partial();

/**
 * Reads the fields in which a policy differs from the default, and gives the whole policy.
 *
 * @param at where the policy stands in its file, for the names of fields in errors.
 * @throws RefusedInputError if a field is unknown or out of bounds, or if weights or shares don't sum to 10 000.
 */
export function readPolicy(json: unknown, at: string): Policy {
  const differences = Object.entries(readStrict(policySchema, json, at));
  const policy = { ...DEFAULT_POLICY, ...(Object.fromEntries(differences) as Partial<Policy>) };
  const weights = policy.weightsBps.reduce((sum, weight) => sum + weight, 0);
  if (weights !== ONE_IN_BPS) {
    throw new RefusedInputError(`${at}.weightsBps`, `must sum to 10000, not to ${weights}`);
  }
  const shares = policy.minerShareBps + policy.validatorShareBps + policy.daoShareBps;
  if (shares !== ONE_IN_BPS) {
    throw new RefusedInputError(
      at,
      `must have minerShareBps, validatorShareBps and daoShareBps that sum to 10000, not to ${shares}`,
    );
  }
  return policy;
}
