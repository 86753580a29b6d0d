import { type Address, zeroHash } from "viem";
import { epochStatus, type EpochStatus } from "../keeper/facts/epochStatus";
import { type Connection } from "../chain/connection";

/** When an epoch begins, unix seconds. */
export function startOf({ deployment }: Pick<Connection, "deployment">, epoch: number): number {
  const { slotSeconds, slotsPerEpoch } = deployment.config.clock;
  return deployment.choices.genesisTimestamp + epoch * slotsPerEpoch * slotSeconds;
}

/** When the scores of an epoch can be revealed: from `opensAt` on and before `closesAt`, unix seconds. */
export interface RevealWindow {
  readonly epoch: number;
  readonly opensAt: number;
  readonly closesAt: number;
}

/** Commitments whose scores can be revealed now, but have not been. */
export interface AwaitedReveals extends RevealWindow {
  readonly secondsLeft: number;
  readonly validators: readonly Address[];
}

/** When the scores of `epoch` can be revealed: in the first slots of the epoch after it. */
export function revealWindowOf({ deployment }: Pick<Connection, "deployment">, epoch: number): RevealWindow {
  const { slotSeconds, revealSlots } = deployment.config.clock;
  const opensAt = startOf({ deployment }, epoch + 1);
  return { epoch, opensAt, closesAt: opensAt + revealSlots * slotSeconds };
}

/**
 * The reveal window that is open at the time of `status`; undefined between two windows, in epoch 0 and before genesis.
 */
export function openRevealWindow(
  connection: Pick<Connection, "deployment">,
  { epoch, timestamp }: Pick<EpochStatus, "epoch" | "timestamp">,
): RevealWindow | undefined {
  if (epoch === null || epoch === 0) return undefined;
  const window = revealWindowOf(connection, epoch - 1);
  return timestamp < window.closesAt ? window : undefined;
}

/** Validators that can reveal committed scores now, and have not done so; undefined if there are none. */
export async function awaitingReveal(connection: Connection): Promise<AwaitedReveals | undefined> {
  const { staking, scoreBoard } = connection.contracts;
  const status = await epochStatus(connection);
  const window = openRevealWindow(connection, status);
  if (window === undefined) return undefined;
  const epoch = BigInt(window.epoch);
  const [active] = await staking.read.activeStakes([epoch]);
  const commits = await scoreBoard.read.commitsOf([epoch, active]);
  const validators = active.filter((_, i) => commits[i]!.commitment !== zeroHash && !commits[i]!.isRevealed);
  if (validators.length === 0) return undefined;
  return { ...window, secondsLeft: window.closesAt - status.timestamp, validators };
}
