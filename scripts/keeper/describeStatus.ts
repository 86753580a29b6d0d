import { type EpochStatus } from "./epochStatus";

/** Where the network stands, in a few lines for people. */
export function describeStatus(status: EpochStatus): string {
  const { epoch, slot, timestamp, epochEndsAt, nextEpochToSettle, dueAt, isDue, paused } = status;
  const now =
    epoch === null || slot === null
      ? `Epoch 0 begins in ${duration(epochEndsAt - timestamp)}.`
      : `Epoch ${epoch}, slot ${slot}; it ends in ${duration(epochEndsAt - timestamp)}.`;
  const due = isDue
    ? `Epoch ${nextEpochToSettle} is due since ${duration(timestamp - dueAt)}: run "npx hardhat epoch settle --send".`
    : `Epoch ${nextEpochToSettle} can be settled in ${duration(dueAt - timestamp)}.`;
  return [now, due, ...(paused ? ["The Treasury is paused: nothing is settled or claimed."] : [])].join("\n");
}

/** Seconds as people say them: the two largest units. */
export function duration(seconds: number): string {
  const units = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const first = units.findIndex(([amount]) => amount > 0);
  if (first === -1) return "0 s";
  return units
    .slice(first, first + 2)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}
