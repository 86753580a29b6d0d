/** What validators had to do in single epochs, and what they did. */
import { type Address, isAddressEqual, zeroHash } from "viem";
import { type Contracts } from "../chain/contracts";
import { epochStatus } from "../keeper/facts/epochStatus";
import { type Connection } from "../chain/connection";

/** A validator's duties in one epoch. */
export interface EpochDuties {
  readonly epoch: number;
  readonly isActive: boolean;
  readonly scores: "none" | "committed" | "revealed";
  /** Slots that it leads, and how many of them it has produced. */
  readonly led: number;
  readonly produced: number;
}

/** The duties of `validator` in epochs that have begun, in their order. */
export function readDuties(
  { staking, scoreBoard, blockRewards }: Pick<Contracts, "staking" | "scoreBoard" | "blockRewards">,
  validator: Address,
  epochs: readonly number[],
  slotsPerEpoch: number,
): Promise<readonly EpochDuties[]> {
  return Promise.all(
    epochs.map(async (epoch): Promise<EpochDuties> => {
      const [isActive, [commit], leaders, producedSlots] = await Promise.all([
        staking.read.isActive([validator, BigInt(epoch)]),
        scoreBoard.read.commitsOf([BigInt(epoch), [validator]]),
        blockRewards.read.leadersOf([BigInt(epoch)]),
        blockRewards.read.producedSlots([BigInt(epoch)]),
      ]);
      const { commitment, isRevealed } = commit!;
      const led = [...leaders.keys()].filter((i) => isAddressEqual(leaders[i]!, validator));
      const produced = new Set(producedSlots.map((slot) => Number(slot) - epoch * slotsPerEpoch));
      return {
        epoch,
        isActive,
        scores: isRevealed ? "revealed" : commitment === zeroHash ? "none" : "committed",
        led: led.length,
        produced: led.filter((i) => produced.has(i)).length,
      };
    }),
  );
}

export type ValidatorNow = Awaited<ReturnType<typeof readValidatorNow>>;

/**
 * How a validator stands now.
 * @param lastJudged The last epoch whose reveals are over; below 0 if there is none.
 */
export async function readValidatorNow(
  { stakingLens, scoreBoard }: Pick<Contracts, "stakingLens" | "scoreBoard">,
  validator: Address,
  lastJudged: number,
) {
  const [status, misses, missesUntilJail] = await Promise.all([
    stakingLens.read.statusOf([validator]),
    lastJudged < 0 ? [] : scoreBoard.read.openMisses([validator, BigInt(lastJudged)]),
    scoreBoard.read.MISSES_UNTIL_SLASH(),
  ]);
  return {
    ...status,
    releasableEpoch: Number(status.releasableEpoch),
    /** Epochs without a reveal that can be reported, and the number of them that leads to a slash and jail. */
    misses: misses.map(Number),
    missesUntilJail: Number(missesUntilJail),
  };
}

/**
 * The leader of each slot of an epoch, in the order of the slots, and whether it produced; no slots if nobody opened
 * and sealed the epoch.
 * @param wanted The running epoch if it is missing (before genesis: epoch 0).
 */
export async function readLeaders(connection: Connection, wanted: number | undefined) {
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
  const slots = leaders.map((leader, i) => {
    const slot = firstSlot + i;
    const state = slot < running ? "missed" : slot === running ? "running" : "ahead";
    return { slot, leader, state: produced.has(slot) ? ("produced" as const) : state };
  });
  const missed = slots.filter(({ state }) => state === "missed").length;
  return { epoch, isSealed: seed !== zeroHash, produced: produced.size, missed, slots };
}
