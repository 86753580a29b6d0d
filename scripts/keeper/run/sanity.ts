import { formatEther } from "viem";
import { type CumulativeRewards, type Settlement } from "../../core/settlement";
import { BPS, bpsDown, sum, WAD, ascending } from "../../core/fixedPoint";
import { MAX_BURN_BPS } from "../../core/policy/bounds";

/** A settlement that is about to be signed, and what it is compared with. Amounts in wei. */
export interface SettlementCheck {
  readonly settlement: Settlement;
  /** Everyone's rewards before the epoch, and after it. */
  readonly before: CumulativeRewards;
  readonly after: CumulativeRewards;
  /** The most that the schedule lets an epoch emit before the first halving. */
  readonly baseRewardWei: bigint;
  readonly halvingIntervalEpochs: number;
  /** Settled epochs, the newest last; only the newest `recentEpochs` count. */
  readonly settled: readonly Settlement[];
  /** How many times the usual burn an epoch may burn; to 18 decimals. */
  readonly maxJumpFactorWad: bigint;
}

/** Sound: to be signed. Impossible: never to be signed. Unusual: possible, but a human decides. */
export type Sanity = { readonly kind: "sound" } | { readonly kind: "impossible" | "unusual"; readonly reason: string };

/** Number of epochs before an epoch that its burn is compared with. */
export const recentEpochs = 10;

/** Burns up to this share of the schedule's ceiling are usual, whatever was burned before: cheap noise halts nobody. */
const USUAL_BPS = 1_000;

/**
 * The last check of a settlement before it is signed, from its numbers alone: a second opinion on the program that
 * computed it.
 */
export function sanityOf(check: SettlementCheck): Sanity {
  const impossible = wrongEmission(check) ?? wrongParts(check.settlement) ?? wrongRewards(check);
  if (impossible !== undefined) return { kind: "impossible", reason: impossible };
  const unusual = unusualBurn(check);
  return unusual === undefined ? { kind: "sound" } : { kind: "unusual", reason: unusual };
}

function wrongEmission({ settlement, baseRewardWei, halvingIntervalEpochs }: SettlementCheck): string | undefined {
  const ceilingWei = baseRewardWei >> halvingsOf(settlement, halvingIntervalEpochs);
  return settlement.emission > ceilingWei
    ? `the emission of ${mdt(settlement.emission)} is above the schedule's ceiling of ${mdt(ceilingWei)}`
    : undefined;
}

function wrongParts(settlement: Settlement): string | undefined {
  const { emission, minerRewards, validatorRewards, daoShare, returned } = settlement;
  const burned = burnedWei(settlement);
  const sumWei = burned + minerRewards + validatorRewards + daoShare + returned;
  if (sumWei !== emission) return `the parts sum to ${mdt(sumWei)}, but the emission is ${mdt(emission)}`;
  const limitWei = (emission * BigInt(MAX_BURN_BPS)) / BPS;
  return burned > limitWei ? `${mdt(burned)} would be burned, more than the maximum of ${mdt(limitWei)}` : undefined;
}

function wrongRewards({ settlement, before, after }: SettlementCheck): string | undefined {
  for (const [account, earnedWei] of before) {
    const nowWei = after.get(account) ?? 0n;
    if (nowWei < earnedWei) return `the rewards of ${account} would fall from ${mdt(earnedWei)} to ${mdt(nowWei)}`;
  }
  const addedWei = sum(after.values()) - sum(before.values());
  const postedWei = settlement.minerRewards + settlement.validatorRewards;
  return addedWei === postedWei
    ? undefined
    : `the tree's rewards grow by ${mdt(addedWei)}, but the settlement posts ${mdt(postedWei)}`;
}

/**
 * Objects to a burn above the factor times the usual one: the median of recent epochs, or a share of the ceiling if
 * that is more, each as it would be without halvings. All other amounts are bounded by the schedule and its shares, and
 * may rise to these bounds from one epoch to the next, when a network begins to work or works again.
 */
function unusualBurn(check: SettlementCheck): string | undefined {
  const { settlement, settled, baseRewardWei, halvingIntervalEpochs, maxJumpFactorWad } = check;
  const halvings = halvingsOf(settlement, halvingIntervalEpochs);
  const unhalved = (one: Settlement): bigint => burnedWei(one) << halvingsOf(one, halvingIntervalEpochs);
  const shareWei = bpsDown(baseRewardWei, USUAL_BPS);
  const medianWei = medianOf(settled.slice(-recentEpochs).map(unhalved));
  const usualWei = medianWei > shareWei ? medianWei : shareWei;
  if (unhalved(settlement) * WAD <= usualWei * maxJumpFactorWad) return undefined;
  return `${mdt(burnedWei(settlement))} would be burned, far more than the usual ${mdt(usualWei >> halvings)}`;
}

const mdt = (wei: bigint): string => `${formatEther(wei)} MDT`;

/** The middle value, or the mean of the two in the middle, rounded down; 0 if there is none. */
function medianOf(values: readonly bigint[]): bigint {
  const sorted = values.toSorted(ascending);
  const [low = 0n, high = 0n] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (low + high) / 2n;
}

function burnedWei({ burnedUnmetQuota, burnedQualityPenalty }: Settlement): bigint {
  return burnedUnmetQuota + burnedQualityPenalty;
}

function halvingsOf({ epoch }: Settlement, halvingIntervalEpochs: number): bigint {
  const halvings = epoch / BigInt(halvingIntervalEpochs);
  return halvings < 256n ? halvings : 256n;
}
