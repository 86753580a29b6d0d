import { durationText } from "./duration";
import { type EpochStatus } from "../keeper/facts/epochStatus";

/** Where the network stands, in a few lines for people. */
export function describeStatus(status: EpochStatus): string {
  const { epoch, slot, timestamp, epochEndsAt, nextEpochToSettle, dueAt, isDue, paused } = status;
  const now =
    epoch === null || slot === null
      ? `Epoch 0 begins in ${durationText(epochEndsAt - timestamp)}.`
      : `Epoch ${epoch}, slot ${slot}; it ends in ${durationText(epochEndsAt - timestamp)}.`;
  const due = isDue
    ? `Epoch ${nextEpochToSettle} is due since ${durationText(timestamp - dueAt)}: run "npx hardhat epoch settle --send".`
    : `Epoch ${nextEpochToSettle} can be settled in ${durationText(dueAt - timestamp)}.`;
  return [now, due, ...(paused ? ["The Treasury is paused: nothing is settled or claimed."] : [])].join("\n");
}
