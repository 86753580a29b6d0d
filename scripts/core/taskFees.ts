import { BPS } from "./fixedPoint";

/**
 * What TaskRegistry fixes for ever: what every task costs, and what 100 % of difficulty adds, in wei before halvings.
 */
export interface FeeRule {
  readonly volumeFeeWei: bigint;
  readonly difficultyFeeWei: bigint;
}

/** The least minimum fee of a task type, in wei before halvings: ⌈volumeFee + difficultyFee · difficulty⌉. */
export function feeFloorWei({ volumeFeeWei, difficultyFeeWei }: FeeRule, difficultyBps: number): bigint {
  return (volumeFeeWei * BPS + difficultyFeeWei * BigInt(difficultyBps) + BPS - 1n) / BPS;
}

/**
 * What a task costs at least in an epoch, in wei: ⌈minimum / 2^h⌉ after h halvings, as `TaskRegistry.minimumFeeWei` has it.
 * @param minimumFeeWei Of its type, before halvings.
 */
export function halvedFeeWei(minimumFeeWei: bigint, epoch: number, halvingIntervalEpochs: number): bigint {
  const halvings = BigInt(Math.floor(epoch / halvingIntervalEpochs));
  return (minimumFeeWei + (1n << halvings) - 1n) >> halvings;
}
