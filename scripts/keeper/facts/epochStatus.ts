import { type Connection } from "../../chain/connection";
import { nextTimestamp } from "../../chain/blocks";

/** Where the network stands in time, and what the keeper would do now. */
export interface EpochStatus {
  /** The running epoch; null before genesis. */
  readonly epoch: number | null;
  readonly slot: number | null;
  /** The time that the next block would have, unix seconds. */
  readonly timestamp: number;
  /** When the running epoch ends (before genesis: when epoch 0 begins), unix seconds. */
  readonly epochEndsAt: number;
  /**
   * When the work of the running epoch (before genesis: of epoch 0) closes: tasks completed later count for the next.
   */
  readonly workClosesAt: number;
  readonly nextEpochToSettle: number;
  /** When that epoch can be settled at the earliest, unix seconds. */
  readonly dueAt: number;
  readonly isDue: boolean;
  readonly paused: boolean;
  /** When the pause ends by itself, unix seconds; null if it doesn't, or if there is no pause. */
  readonly pauseEndsAt: number | null;
}

/**
 * Reads the clock and the Treasury. A development chain without transactions stands still, so what is due is judged by
 * the time that the next block would have.
 */
export async function epochStatus({ reader, contracts, deployment }: Connection): Promise<EpochStatus> {
  const { treasury } = contracts;
  const { slotSeconds, slotsPerEpoch, closingSlots } = deployment.config.clock;
  const [timestamp, nextEpochToSettle, paused, pauseEndsAt] = await Promise.all([
    nextTimestamp(reader).then(Number),
    treasury.read.nextEpochToSettle().then(Number),
    treasury.read.paused(),
    treasury.read.pauseEndsAt().then(Number),
  ]);
  const dueAt = Number(await treasury.read.revealEnd([BigInt(nextEpochToSettle)]));
  const genesis = deployment.choices.genesisTimestamp;
  const epochSeconds = slotSeconds * slotsPerEpoch;
  const epoch = timestamp < genesis ? null : Math.floor((timestamp - genesis) / epochSeconds);
  const workSeconds = (slotsPerEpoch - closingSlots) * slotSeconds;
  return {
    epoch,
    slot: epoch === null ? null : Math.floor((timestamp - genesis) / slotSeconds),
    timestamp,
    epochEndsAt: epoch === null ? genesis : genesis + (epoch + 1) * epochSeconds,
    workClosesAt: genesis + (epoch ?? 0) * epochSeconds + workSeconds,
    nextEpochToSettle,
    dueAt,
    isDue: timestamp >= dueAt,
    paused,
    pauseEndsAt: pauseEndsAt === 0 ? null : pauseEndsAt,
  };
}
