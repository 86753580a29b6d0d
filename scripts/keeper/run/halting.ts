import { type Listener } from "./keeperEvents";
import { type Halt, type KeeperMemory } from "./keeperMemory";

/** What only the network or a human can change is looked at again after so many seconds. */
export const patienceSeconds = 60;

/** Leaves an epoch unsigned, and tells so unless that was told before. */
export function halt(memory: KeeperMemory, halted: Halt, tell: Listener): void {
  const { epoch, reason, mayBeAccepted } = halted;
  const isNews = memory.halted?.epoch !== epoch || memory.halted.reason !== reason;
  memory.halted = halted;
  if (isNews) tell({ kind: "halted", epoch, reason, mayBeAccepted });
}

/**
 * The epoch that is left alone: it waits for a human, or was computed not long ago.
 * @param now On the keeper's clock.
 */
export function haltedEpochAt({ halted }: Pick<KeeperMemory, "halted">, now: number): number | null {
  if (halted === null) return null;
  return halted.mayBeAccepted || now - halted.at < patienceSeconds ? halted.epoch : null;
}
