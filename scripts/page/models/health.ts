import { durationText } from "../../show/moments";
import { type StatusAnswer } from "../api/answers";

/** Whether a network does what it should, in a word and a sentence. */
export interface Health {
  readonly tone: "good" | "warn" | "bad" | "plain";
  readonly word: string;
  readonly sentence: string;
}

/**
 * How a network is, by what the server last said of it.
 * @param now The chain's time, unix seconds.
 * @param patienceSeconds So long an epoch may be due before that is a sign of trouble.
 */
export function healthOf(
  { paused, dueAt, nextEpochToSettle, epoch }: Pick<StatusAnswer, "paused" | "dueAt" | "nextEpochToSettle" | "epoch">,
  now: number,
  patienceSeconds: number,
): Health {
  if (paused) return { tone: "bad", word: "paused", sentence: "Nobody can settle or claim until the pause ends." };
  if (epoch === null) return { tone: "plain", word: "not begun", sentence: "Its first epoch is still to come." };
  if (now - dueAt > patienceSeconds) {
    const late = durationText(now - dueAt);
    return { tone: "warn", word: "late", sentence: `Epoch ${nextEpochToSettle} has been due for ${late}.` };
  }
  if (nextEpochToSettle === 0) return { tone: "plain", word: "just begun", sentence: "No epoch is settled yet." };
  const settled = nextEpochToSettle === 1 ? "Epoch 0 is" : `All ${nextEpochToSettle} epochs that were due are`;
  return { tone: "good", word: "healthy", sentence: `${settled} settled.` };
}
