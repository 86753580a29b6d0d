/** The emission's schedule, in wei. */
export interface Schedule {
  readonly baseRewardWei: bigint;
  readonly halvingIntervalEpochs: number;
}

/** After so many halvings nothing is left of any amount that a word of the EVM can hold. */
const halvingsToZero = 256;

/** The most that an epoch may emit: ⌊base reward / 2^halvings⌋, as `Treasury.emissionCeiling` has it. */
export function ceilingWei({ baseRewardWei, halvingIntervalEpochs }: Schedule, epoch: number): bigint {
  return baseRewardWei >> BigInt(Math.min(Math.floor(epoch / halvingIntervalEpochs), halvingsToZero));
}
