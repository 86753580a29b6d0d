import { U16_MAX, BPS, WAD, mulDivDown } from "../core/fixedPoint";

/** A ratio in WAD (10^18 = 1) as a percentage with two digits, cut and never rounded up. */
export function percentOfWad(ratioWad: bigint): string {
  return percentOfHundredths(ratioWad / 10n ** 14n);
}

/** A u16 share of 1, where 65,535 is 1, as a percentage with two digits, cut. */
export function percentOfU16(shareU16: number): string {
  return percentOfHundredths((BigInt(shareU16) * BPS) / BigInt(U16_MAX));
}

/** Basis points as a percentage, without digits that say nothing and on one line. */
export function percentOfBps(bps: number): string {
  return `${bps / 100}\u00a0%`;
}

/** The same for a terminal: with an ordinary space. */
export function percentText(bps: number): string {
  return `${bps / 100} %`;
}

/** The same of a ratio in the raw bits of I32F32, where 2^32 is 1. */
export function percentOfBits(bits: string): string {
  return percentOfHundredths((BigInt(bits) * BPS) >> 32n);
}

/** Whether an epoch has a quality to speak of: without fees it is 1 and nobody is paid for work. Amounts also as decimal strings. */
export function hasQuality(epoch: Readonly<Record<"qualityWad" | "minerRewardsWei", bigint | string>>): boolean {
  return BigInt(epoch.minerRewardsWei) > 0n || BigInt(epoch.qualityWad) !== WAD;
}

/** ⌊part / whole⌋ in WAD; 0 of nothing is 0. */
export function shareWad(part: bigint, whole: bigint): bigint {
  return whole === 0n ? 0n : mulDivDown(WAD, part, whole);
}

function percentOfHundredths(hundredths: bigint): string {
  return `${(hundredths / 100n).toLocaleString("en")}.${(hundredths % 100n).toString().padStart(2, "0")}\u00a0%`;
}
