import { type Address, zeroHash } from "viem";
import { epochStatus } from "../keeper/facts/epochStatus";
import { type Connection } from "../chain/connection";

/** One slot of an epoch, and what came of it. */
export interface SlotLeader {
  /** Counted from genesis. */
  readonly slot: number;
  readonly leader: Address;
  readonly state: "produced" | "missed" | "running" | "ahead";
}

/** The leaders of an epoch in the order of its slots; none where nobody opened and sealed it. */
export interface EpochLeaders {
  readonly epoch: number;
  readonly isSealed: boolean;
  readonly produced: number;
  readonly missed: number;
  readonly slots: readonly SlotLeader[];
}

/**
 * Who leads the slots of an epoch and who produced.
 * @param wanted The running epoch where it is missing (before genesis: epoch 0).
 */
export async function readLeaders(connection: Connection, wanted: number | undefined): Promise<EpochLeaders> {
  const { contracts, deployment } = connection;
  const { blockRewards } = contracts;
  const status = await epochStatus(connection);
  const epoch = wanted ?? status.epoch ?? 0;
  const [{ seed }, leaders, producedSlots] = await Promise.all([
    blockRewards.read.rotationOf([BigInt(epoch)]),
    blockRewards.read.leadersOf([BigInt(epoch)]),
    blockRewards.read.producedSlots([BigInt(epoch)]),
  ]);
  const produced = new Set(producedSlots.map(Number));
  const firstSlot = epoch * deployment.config.clock.slotsPerEpoch;
  const running = status.slot ?? -1;
  const slots = leaders.map((leader, i): SlotLeader => {
    const slot = firstSlot + i;
    const state = slot < running ? "missed" : slot === running ? "running" : "ahead";
    return { slot, leader, state: produced.has(slot) ? "produced" : state };
  });
  const missed = slots.filter(({ state }) => state === "missed").length;
  return { epoch, isSealed: seed !== zeroHash, produced: produced.size, missed, slots };
}
