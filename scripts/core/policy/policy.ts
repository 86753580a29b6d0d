/** A policy: its fields within their bounds, the default, and how it is read, written and compared. */
import { type Hex } from "viem";
import { z } from "zod";
import { canonicalHash, type Json, type JsonObject } from "../canonicalJson";
import { ONE_IN_BPS, U16_MAX } from "../fixedPoint";
import { decimalString, readStrict, RefusedInputError, wholeNumber } from "../strictJson";

const bps = wholeNumber(0, ONE_IN_BPS);
const u16 = wholeNumber(0, U16_MAX);
const fractionError = "must be a number from 0 to 1";
const fraction = z.number(fractionError).min(0, fractionError).max(1, fractionError);

/** Bounds (0…1) and slope of a moving average of bonds that adapts to how far a weight is from the consensus. */
const liquidAlpha = z
  .strictObject(
    { low: fraction, high: fraction, steepness: wholeNumber(0, 32_767) },
    "must be null or an object with low, high and steepness",
  )
  .refine(({ low, high }) => low <= high, "must have a low that is at most its high");

/** A whole policy. */
const policySchema = z.strictObject(
  {
    /** Weights of task volume, difficulty and participation in the utility; they sum to 10 000. */
    weightsBps: z.tuple([bps, bps, bps], "must be a list of three weights in basis points").readonly(),
    /** Completed tasks that count as full volume. */
    maxExpectedTasks: wholeNumber(1, Number.MAX_SAFE_INTEGER),
    /** Shares of what is distributed; the three sum to 10 000. */
    minerShareBps: bps,
    validatorShareBps: bps,
    daoShareBps: bps,
    /** θ: work scored below this burns its shortfall; also the score that a validator's silence stands for. */
    qualityThresholdBps: bps,
    /** φ: a miner whose work is worth less than this share of its fees loses a part of its reward. */
    qualityPenaltyThresholdBps: bps,
    /** Fewest tasks that the average difficulty is taken over. */
    difficultyFloorTasks: wholeNumber(0, Number.MAX_SAFE_INTEGER),
    /** Least stake, in wei, that revealed stake is divided by in participation: a small network counts for little. */
    participationFloorWei: decimalString(2n ** 128n - 1n, "2^128 - 1"),
    /** What the miners' pool is split by: the fees of completed tasks times their scores, or Yuma's incentive. */
    minerRule: z.enum(["work", "incentive"], 'must be "work" or "incentive"'),
    /** The most that a miner earns, as a share of its tasks' fees times their scores; null if nothing limits it. */
    minerFeeCapBps: bps.nullable(),
    /**
     * What the work-based part of the validators' pool is split by: stake alone, or also dividends of Yuma 2 or Yuma 3.
     */
    validatorRule: z.enum(["stake", "yuma2", "yuma3"], 'must be "stake", "yuma2" or "yuma3"'),
    /**
     * The share κ of the stake, out of 65 535, that sets the consensus under every rule, "stake" too: weight above the
     * highest that κ supports does not count for a miner's incentive. Under the Yuma rules it also decides dividends
     * and bonds. Agreed scores, penalties and quality have their own κ, which no policy changes:
     * `AGREED_SCORE_KAPPA_U16`.
     */
    kappaU16: u16,
    /** For the Yuma rules alone: the penalty on bonds for weights above the consensus, out of 65 535. */
    bondsPenaltyU16: u16,
    /** For the Yuma rules alone: how slowly bonds move, in millionths. */
    bondsMovingAverage: wholeNumber(0, 1_000_000),
    /** For Yuma 3 alone: bonds move faster the further a weight is from the consensus; null if they all move alike. */
    liquidAlpha: liquidAlpha.nullable(),
  },
  "must be an object",
);

/** A policy in JSON: only fields that differ from the default are needed. */
const differencesSchema = policySchema.partial();

/** How the keeper turns facts into rewards. */
export type Policy = Readonly<z.output<typeof policySchema>>;
export type ValidatorRule = Policy["validatorRule"];
export type MinerRule = Policy["minerRule"];
export type LiquidAlpha = Readonly<NonNullable<Policy["liquidAlpha"]>>;

/** The values of the fields that a policy omits. */
export const DEFAULT_POLICY: Policy = {
  weightsBps: [5_000, 3_000, 2_000],
  maxExpectedTasks: 10_000,
  minerShareBps: 4_000,
  validatorShareBps: 4_000,
  daoShareBps: 2_000,
  qualityThresholdBps: 5_000,
  qualityPenaltyThresholdBps: 0,
  difficultyFloorTasks: 4_000,
  participationFloorWei: 0n,
  minerRule: "work",
  minerFeeCapBps: 5_000,
  validatorRule: "stake",
  kappaU16: 32_767,
  bondsPenaltyU16: 65_535,
  bondsMovingAverage: 900_000,
  liquidAlpha: null,
};

/**
 * Reads the fields in which a policy differs from the default, and returns the whole policy.
 *
 * @param at where the policy stands in its file, for the names of fields in errors.
 * @throws RefusedInputError if a field is unknown or out of bounds, or if weights or shares don't sum to 10 000.
 */
export function readPolicy(json: unknown, at: string): Policy {
  const differences = Object.entries(readStrict(differencesSchema, json, at));
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

/** The whole policy as JSON. */
export function policyJson(policy: Policy): JsonObject {
  const { participationFloorWei, liquidAlpha } = policy;
  return {
    ...policy,
    participationFloorWei: participationFloorWei.toString(),
    liquidAlpha: liquidAlpha && { ...liquidAlpha },
  };
}

/** keccak256 of the canonical JSON of the whole policy, as interpolated for its epoch: a settlement's `policyHash`. */
export function policyHash(policy: Policy): Hex {
  return canonicalHash(policyJson(policy));
}

/** Whether two values of one shape, such as two policies, are the same in every field. */
export function isSame(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other)) return one === other;
  return Object.keys(one).every((field) => isSame(one[field], other[field]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** A field in which two policies differ, with its values as JSON. */
export interface PolicyChange {
  readonly field: string;
  readonly from: Json;
  readonly to: Json;
}

/** Every field in which two policies differ, in the order of their definition; empty if they are the same. */
export function changesBetween(from: Policy, to: Policy): readonly PolicyChange[] {
  const [before, after] = [policyJson(from), policyJson(to)];
  return Object.keys(before)
    .map((field) => ({ field, from: before[field]!, to: after[field]! }))
    .filter((change) => !isSame(change.from, change.to));
}
