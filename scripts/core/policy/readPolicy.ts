import { z } from "zod";
import { BPS } from "../fixedPoint";
import { readStrict, RefusedInputError, wholeNumber } from "../strictJson";
import { DEFAULT_POLICY, type Policy } from "./fields";

const bps = wholeNumber(0, Number(BPS));
const u16 = wholeNumber(0, 65_535);
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
  if (weights !== Number(BPS)) {
    throw new RefusedInputError(`${at}.weightsBps`, `must sum to 10000, not to ${weights}`);
  }
  const shares = policy.minerShareBps + policy.validatorShareBps + policy.daoShareBps;
  if (shares !== Number(BPS)) {
    throw new RefusedInputError(
      at,
      `must have minerShareBps, validatorShareBps and daoShareBps that sum to 10000, not to ${shares}`,
    );
  }
  return policy;
}
