import { DEFAULT_POLICY, type Policy } from "./fields";
import { ONE_IN_BPS } from "../fixedPoint";

/** A policy and when it starts. */
export interface PolicyVersion {
  readonly fromEpoch: number;
  /** Over how many epochs its basis points move from the policy before to its own; 0 or 1 is at once. */
  readonly rampEpochs: number;
  readonly policy: Policy;
}

/**
 * The policy in force in an epoch: of the versions, in the order in which they were published, the last one whose
 * fromEpoch has come, ramped from what was in force just before it. A later version with an earlier start thus replaces
 * those it starts before. Where no version has started, the default holds.
 */
export function policyAt(versions: readonly PolicyVersion[], epoch: number): Policy {
  const index = versions.findLastIndex(({ fromEpoch }) => fromEpoch <= epoch);
  const version = versions[index];
  if (version === undefined) return DEFAULT_POLICY;
  const step = epoch - version.fromEpoch + 1;
  if (step >= version.rampEpochs) return version.policy;
  return rampStep(policyBefore(versions.slice(0, index), version), version, step);
}

/** The first epoch in which a version, added to those before it, could burn more than the Treasury's bound; undefined if none. */
export function firstEpochAboveBurnBound(before: readonly PolicyVersion[], version: PolicyVersion): number | undefined {
  const old = policyBefore(before, version);
  for (let step = 1; step < version.rampEpochs; step++) {
    if (!burnsWithinBound(rampStep(old, version, step))) return version.fromEpoch + step - 1;
  }
  return burnsWithinBound(version.policy) ? undefined : version.fromEpoch + Math.max(version.rampEpochs, 1) - 1;
}

function policyBefore(before: readonly PolicyVersion[], { fromEpoch }: PolicyVersion): Policy {
  return policyAt(before, fromEpoch - 1);
}

/**
 * The policy of a ramp's step (1 … rampEpochs): each field in basis points is old + trunc((new − old) · step / ramp);
 * the last weight and the DAO's share take what is left of 10 000; all other fields are the new version's.
 */
function rampStep(old: Policy, { policy, rampEpochs }: PolicyVersion, step: number): Policy {
  const between = (from: number, to: number): number =>
    from + Number((BigInt(to - from) * BigInt(step)) / BigInt(rampEpochs));
  const volume = between(old.weightsBps[0], policy.weightsBps[0]);
  const difficulty = between(old.weightsBps[1], policy.weightsBps[1]);
  const minerShareBps = between(old.minerShareBps, policy.minerShareBps);
  const validatorShareBps = between(old.validatorShareBps, policy.validatorShareBps);
  return {
    ...policy,
    weightsBps: [volume, difficulty, ONE_IN_BPS - volume - difficulty],
    minerShareBps,
    validatorShareBps,
    daoShareBps: ONE_IN_BPS - minerShareBps - validatorShareBps,
    qualityThresholdBps: between(old.qualityThresholdBps, policy.qualityThresholdBps),
    qualityPenaltyThresholdBps: between(old.qualityPenaltyThresholdBps, policy.qualityPenaltyThresholdBps),
  };
}

/** The most of an emission that the Treasury lets a settlement burn; its `MAX_BURN_BPS`. */
export const MAX_BURN_BPS = 7_000;

type BurnPolicy = Pick<Policy, "qualityThresholdBps" | "minerShareBps">;

/**
 * The most a policy can burn, θ + (1 − θ) · minerShare, in hundred-millionths (bps · bps), so exactly: quality zero burns
 * θ, and of the rest the miners' share goes if no miner reaches any score.
 */
export function mostBurned({ qualityThresholdBps, minerShareBps }: BurnPolicy): number {
  return qualityThresholdBps * ONE_IN_BPS + (ONE_IN_BPS - qualityThresholdBps) * minerShareBps;
}

/** Whether no epoch under the policy can burn more than the Treasury allows. */
export function burnsWithinBound(policy: BurnPolicy): boolean {
  return mostBurned(policy) <= MAX_BURN_BPS * ONE_IN_BPS;
}
