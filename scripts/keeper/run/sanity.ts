import { type CumulativeRewards } from "../../core/standingRewards";
import { BPS, bpsDown, sum, WAD } from "../../core/fixedPoint";
import { MAX_BURN_BPS } from "../../core/policy/bounds";
import { type Settlement } from "../../core/settlement";

/** A settlement that is about to be signed, and what it is held against. Amounts in wei. */
export interface SettlementCheck {
  readonly settlement: Settlement;
  /** Everybody's rewards before the epoch, and after it. */
  readonly before: CumulativeRewards;
  readonly after: CumulativeRewards;
  /** The most that the schedule lets an epoch emit before the first halving. */
  readonly baseRewardWei: bigint;
  readonly halvingIntervalEpochs: number;
  /** Settled epochs, the newest last; no more than the newest `recentEpochs` count. */
  readonly settled: readonly Settlement[];
  /** By how much a figure may exceed the median of recent epochs; read to 18 decimals. */
  readonly maxJumpFactorWad: bigint;
}

/** Sound: to be signed. Impossible: never to be signed. Unusual: possible, but a human decides. */
export type Verdict = { readonly kind: "sound" } | { readonly kind: "impossible" | "unusual"; readonly reason: string };

/** An epoch is compared with so many before it, and with none where there are fewer than the least. */
export const recentEpochs = 10;
const LEAST_EPOCHS = 5;

/** Below this share of the schedule's ceiling no figure is a jump: noise that costs little must not halt a keeper. */
const JUMP_FLOOR_BPS = 1_000;

/** What is watched for jumps: whatever moves money to people, or destroys it. */
const watchedFigures: Readonly<Record<string, (settlement: Settlement) => bigint>> = {
  emission: ({ emission }) => emission,
  "miners' rewards": ({ minerRewards }) => minerRewards,
  "validators' rewards": ({ validatorRewards }) => validatorRewards,
  "what is burned": burnedWei,
};

/** The last look at a settlement before it is signed, from its numbers alone: a second opinion on whoever computed it. */
export function verdictOn(check: SettlementCheck): Verdict {
  const impossible = wrongEmission(check) ?? wrongParts(check.settlement) ?? wrongRewards(check);
  if (impossible !== undefined) return { kind: "impossible", reason: impossible };
  const unusual = jump(check);
  return unusual === undefined ? { kind: "sound" } : { kind: "unusual", reason: unusual };
}

function wrongEmission({ settlement, baseRewardWei, halvingIntervalEpochs }: SettlementCheck): string | undefined {
  const ceilingWei = baseRewardWei >> halvingsOf(settlement, halvingIntervalEpochs);
  return settlement.emission > ceilingWei
    ? `the emission of ${settlement.emission} wei is above the schedule's ceiling of ${ceilingWei} wei`
    : undefined;
}

function wrongParts(settlement: Settlement): string | undefined {
  const { emission, minerRewards, validatorRewards, daoShare, returned } = settlement;
  const burned = burnedWei(settlement);
  const sumWei = burned + minerRewards + validatorRewards + daoShare + returned;
  if (sumWei !== emission) return `the parts sum to ${sumWei} wei, but the emission is ${emission} wei`;
  const limitWei = (emission * BigInt(MAX_BURN_BPS)) / BPS;
  return burned > limitWei ? `${burned} wei would be burned, and at most ${limitWei} wei may be` : undefined;
}

function wrongRewards({ settlement, before, after }: SettlementCheck): string | undefined {
  for (const [account, earnedWei] of before) {
    const nowWei = after.get(account) ?? 0n;
    if (nowWei < earnedWei) return `the rewards of ${account} would fall from ${earnedWei} to ${nowWei} wei`;
  }
  const addedWei = sum(after.values()) - sum(before.values());
  const postedWei = settlement.minerRewards + settlement.validatorRewards;
  return addedWei === postedWei
    ? undefined
    : `the tree's rewards grow by ${addedWei} wei, but ${postedWei} wei are posted`;
}

/**
 * A figure that exceeds a floor and the median of recent epochs, each as it would be without halvings; a median of zero says
 * nothing.
 */
function jump(check: SettlementCheck): string | undefined {
  const { settlement, settled, baseRewardWei, halvingIntervalEpochs, maxJumpFactorWad } = check;
  const floorWei = bpsDown(baseRewardWei, JUMP_FLOOR_BPS);
  const recent = settled.slice(-recentEpochs);
  if (recent.length < LEAST_EPOCHS) return undefined;
  for (const [name, figure] of Object.entries(watchedFigures)) {
    const unhalved = (one: Settlement): bigint => figure(one) << halvingsOf(one, halvingIntervalEpochs);
    if (unhalved(settlement) <= floorWei) continue;
    const twiceMedian = twiceMedianOf(recent.map(unhalved));
    if (twiceMedian > 0n && 2n * unhalved(settlement) * WAD > twiceMedian * maxJumpFactorWad) {
      const medianWei = (twiceMedian >> halvingsOf(settlement, halvingIntervalEpochs)) / 2n;
      return `${name}: ${figure(settlement)} wei, while the median of the last ${recent.length} epochs is ${medianWei} wei`;
    }
  }
  return undefined;
}

/** Twice the median, so that the mean of two middle values stays whole. */
function twiceMedianOf(values: readonly bigint[]): bigint {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
  return sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!;
}

function burnedWei({ burnedUnmetQuota, burnedQualityPenalty }: Settlement): bigint {
  return burnedUnmetQuota + burnedQualityPenalty;
}

function halvingsOf({ epoch }: Settlement, halvingIntervalEpochs: number): bigint {
  const halvings = epoch / BigInt(halvingIntervalEpochs);
  return halvings < 256n ? halvings : 256n;
}
