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
  /** From when on a completed task counts for the next epoch, unix seconds; null before genesis. */
  readonly workClosesAt: number | null;
  readonly nextEpochToSettle: number;
  /** When that epoch can be settled at the earliest, unix seconds. */
  readonly dueAt: number;
  readonly isDue: boolean;
  readonly paused: boolean;
}

/**
 * Reads the clock and the Treasury. A development chain without transactions stands still, so what is due is judged by
 * the time that the next block would have.
 */
export async function epochStatus({ reader, contracts, deployment }: Connection): Promise<EpochStatus> {
  const { treasury } = contracts;
  const { slotSeconds, slotsPerEpoch, closingSlots } = deployment.config.clock;
  const [timestamp, nextEpochToSettle, paused] = await Promise.all([
    nextTimestamp(reader).then(Number),
    treasury.read.nextEpochToSettle().then(Number),
    treasury.read.paused(),
  ]);
  const dueAt = Number(await treasury.read.revealEnd([BigInt(nextEpochToSettle)]));
  const genesis = deployment.choices.genesisTimestamp;
  const epochSeconds = slotSeconds * slotsPerEpoch;
  const epoch = timestamp < genesis ? null : Math.floor((timestamp - genesis) / epochSeconds);
  const epochEndsAt = epoch === null ? genesis : genesis + (epoch + 1) * epochSeconds;
  return {
    epoch,
    slot: epoch === null ? null : Math.floor((timestamp - genesis) / slotSeconds),
    timestamp,
    epochEndsAt,
    workClosesAt: epoch === null ? null : epochEndsAt - closingSlots * slotSeconds,
    nextEpochToSettle,
    dueAt,
    isDue: timestamp >= dueAt,
    paused,
  };
}
