import { type Hex } from "viem";
import { canonicalHash, type Json, type JsonObject } from "../canonicalJson";

/** What the work-based part of the validators' pool is split by: stake alone, or also dividends of Yuma 2 or Yuma 3. */
export type ValidatorRule = "stake" | "yuma2" | "yuma3";

/** What the miners' pool is split by: the fees of completed tasks times their scores, or Yuma's incentive. */
export type MinerRule = "work" | "incentive";

/** Bounds (0…1) and slope of the moving average of bonds where it adapts to how far a weight is from consensus. */
export interface LiquidAlpha {
  readonly low: number;
  readonly high: number;
  readonly steepness: number;
}

/** How the keeper turns facts into rewards. */
export interface Policy {
  /** Weights of task volume, difficulty and participation in the utility; they sum to 10 000. */
  readonly weightsBps: readonly [number, number, number];
  /** Completed tasks that count as full volume. */
  readonly maxExpectedTasks: number;
  /** Shares of what is distributed; the three sum to 10 000. */
  readonly minerShareBps: number;
  readonly validatorShareBps: number;
  readonly daoShareBps: number;
  /** θ: work scored below this burns its shortfall; also the score that a validator's silence stands for. */
  readonly qualityThresholdBps: number;
  /** φ: a miner whose work is worth less than this share of its fees loses a part of its reward. */
  readonly qualityPenaltyThresholdBps: number;
  /** The average difficulty is taken over at least so many tasks. */
  readonly difficultyFloorTasks: number;
  /** Participation is revealed stake over at least so much active stake, in wei: a small network counts for little. */
  readonly participationFloorWei: bigint;
  readonly minerRule: MinerRule;
  /** The most that a miner earns, of the fees of its tasks times their scores; null where nothing limits it. */
  readonly minerFeeCapBps: number | null;
  readonly validatorRule: ValidatorRule;
  /**
   * The share κ of the stake, of 65 535, that sets the consensus under every rule, "stake" too: what a validator
   * gives a miner above the highest weight that κ supports does not count for the miner's incentive. Under the Yuma rules
   * it so decides dividends and bonds as well. Agreed scores, penalties and quality have a κ of their own, which no policy
   * changes: `AGREED_SCORE_KAPPA_U16`.
   */
  readonly kappaU16: number;
  /** For the Yuma rules alone: the penalty on bonds for weights above the consensus, of 65 535. */
  readonly bondsPenaltyU16: number;
  /** For the Yuma rules alone: how slowly bonds move, in millionths. */
  readonly bondsMovingAverage: number;
  /** For Yuma 3 alone: bonds move faster the further a weight is from the consensus; null where they all move alike. */
  readonly liquidAlpha: LiquidAlpha | null;
}

/** What holds where a policy says nothing else. */
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

/** Whether two values of one shape, as two policies, are the same in every field. */
export function isSame(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other)) return one === other;
  return Object.keys(one).every((field) => isSame(one[field], other[field]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** A field in which two policies differ, with its values as JSON has them. */
export interface PolicyChange {
  readonly field: string;
  readonly from: Json;
  readonly to: Json;
}

/** Every field in which two policies differ, in the order of their definition; empty where they are the same. */
export function changesBetween(from: Policy, to: Policy): readonly PolicyChange[] {
  const [before, after] = [policyJson(from), policyJson(to)];
  return Object.keys(before)
    .map((field) => ({ field, from: before[field]!, to: after[field]! }))
    .filter((change) => !isSame(change.from, change.to));
}
