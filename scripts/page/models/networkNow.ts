import { durationText } from "../../show/moments";
import { type StatusAnswer } from "../api";

/** A network's clock, as `/v1/deployment` reports it. */
interface EpochClock {
  /** Unix seconds. */
  readonly genesisTimestamp: number;
  readonly slotSeconds: number;
  readonly slotsPerEpoch: number;
  readonly revealSlots: number;
}

/** Where a moment lies in the network's time; seconds are unix seconds. */
export type PlaceInTime =
  | { readonly kind: "beforeGenesis"; readonly beginsAt: number }
  | {
      readonly kind: "running";
      readonly epoch: number;
      /** Within the epoch, from 0. */
      readonly slotInEpoch: number;
      readonly endsAt: number;
      /** Until when scores of the previous epoch may be revealed; null if that is over, or there is none. */
      readonly revealUntil: number | null;
    };

export function epochSeconds({ slotSeconds, slotsPerEpoch }: EpochClock): number {
  return slotSeconds * slotsPerEpoch;
}

/** When an epoch begins, unix seconds. */
export function epochStart(clock: EpochClock, epoch: number): number {
  return clock.genesisTimestamp + epoch * epochSeconds(clock);
}

/** @param nowSeconds The chain's time, unix seconds. */
export function placeInTime(clock: EpochClock, nowSeconds: number): PlaceInTime {
  if (nowSeconds < clock.genesisTimestamp) return { kind: "beforeGenesis", beginsAt: clock.genesisTimestamp };
  const epoch = Math.floor((nowSeconds - clock.genesisTimestamp) / epochSeconds(clock));
  const begunAt = epochStart(clock, epoch);
  const revealUntil = begunAt + clock.revealSlots * clock.slotSeconds;
  return {
    kind: "running",
    epoch,
    slotInEpoch: Math.floor((nowSeconds - begunAt) / clock.slotSeconds),
    endsAt: epochStart(clock, epoch + 1),
    revealUntil: epoch > 0 && nowSeconds < revealUntil ? revealUntil : null,
  };
}

/** Whether a network does what it should, in a word and a sentence. */
interface Health {
  readonly tone: "good" | "warn" | "bad" | "plain";
  readonly word: string;
  readonly sentence: string;
}

/**
 * A network's health, by the status that the server last reported.
 * @param now The chain's time, unix seconds.
 * @param patienceSeconds How long an epoch may be due before that is a sign of trouble.
 */
export function healthOf(
  { paused, dueAt, nextEpochToSettle, epoch }: Pick<StatusAnswer, "paused" | "dueAt" | "nextEpochToSettle" | "epoch">,
  now: number,
  patienceSeconds: number,
): Health {
  if (paused) return { tone: "bad", word: "paused", sentence: "Nobody can settle or claim until the pause ends." };
  if (epoch === null) return { tone: "plain", word: "not begun", sentence: "Its first epoch has not begun." };
  if (now - dueAt > patienceSeconds) {
    const late = durationText(now - dueAt);
    return { tone: "warn", word: "late", sentence: `Epoch ${nextEpochToSettle} has been due for ${late}.` };
  }
  if (nextEpochToSettle === 0) return { tone: "plain", word: "just begun", sentence: "No epoch is settled yet." };
  const settled = nextEpochToSettle === 1 ? "Epoch 0 is" : `All ${nextEpochToSettle} epochs that were due are`;
  return { tone: "good", word: "healthy", sentence: `${settled} settled.` };
}
