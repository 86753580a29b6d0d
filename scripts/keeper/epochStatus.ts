import { type Connection } from "../client/connection";
import { nextTimestamp } from "./blocks";

/** Where the network stands in time, and what the keeper would do now. */
export interface EpochStatus {
  /** The running epoch; null before genesis. */
  readonly epoch: bigint | null;
  readonly slot: bigint | null;
  /** The time that the next block would have, unix seconds. */
  readonly timestamp: bigint;
  /** When the running epoch ends (before genesis: when epoch 0 begins), unix seconds. */
  readonly epochEndsAt: bigint;
  readonly nextEpochToSettle: bigint;
  /** When that epoch can be settled at the earliest, unix seconds. */
  readonly dueAt: bigint;
  readonly isDue: boolean;
  readonly paused: boolean;
}

/**
 * Reads the clock and the Treasury. A development chain without transactions stands still, so what is due is judged by
 * the time that the next block would have.
 */
export async function epochStatus({ reader, contracts, deployment }: Connection): Promise<EpochStatus> {
  const { treasury } = contracts;
  const { clock } = deployment.config;
  const [timestamp, nextEpochToSettle, paused] = await Promise.all([
    nextTimestamp(reader),
    treasury.read.nextEpochToSettle(),
    treasury.read.paused(),
  ]);
  const genesis = BigInt(deployment.choices.genesisTimestamp);
  const slotSeconds = BigInt(clock.slotSeconds);
  const epochSeconds = slotSeconds * BigInt(clock.slotsPerEpoch);
  const started = timestamp >= genesis;
  const epoch = started ? (timestamp - genesis) / epochSeconds : null;
  const dueAt = await treasury.read.revealEnd([nextEpochToSettle]);
  return {
    epoch,
    slot: started ? (timestamp - genesis) / slotSeconds : null,
    timestamp,
    epochEndsAt: epoch === null ? genesis : genesis + (epoch + 1n) * epochSeconds,
    nextEpochToSettle,
    dueAt,
    isDue: timestamp >= dueAt,
    paused,
  };
}
