/** `epoch watch`: where the network stands, as it changes. */
import { setTimeout as sleep } from "node:timers/promises";
import { epochStatus, type EpochStatus } from "../keeper/facts/epochStatus";
import { readSettledEpochs, type SettledEpoch } from "../keeper/facts/settledEpochs";
import { formatMdt } from "../show/amounts";
import { durationText, isoTime } from "../show/moments";
import { chainOf } from "./context";
import { print, toJson } from "./runCommand";
import { untilSignalled } from "./signals";
import { type Run } from "./table";

/** On a terminal one line that is rewritten, a countdown in it; elsewhere a line for each change. */
export const watch: Run<"epoch", "watch"> = async ({ json }, context) => {
  const chain = await chainOf(context);
  const { pollSeconds } = chain.deployment.config.keeper;
  const stopping = untilSignalled();
  const isLive = !json && process.stdout.isTTY;
  let told: string | undefined;
  while (!stopping.aborted) {
    const [status, settled] = await Promise.all([epochStatus(chain), readSettledEpochs(chain)]);
    const state = stateOf(status, settled.at(-1));
    const changed = toJson({ ...state, timestamp: null });
    if (isLive) process.stdout.write(`\r${liveLine(status, settled.at(-1), process.stdout.columns)}\u001b[K`);
    else if (changed !== told) {
      await print(json ? toJson(state) : `${isoTime(status.timestamp)} ${describe(status, state)}`);
    }
    told = changed;
    await sleep(pollSeconds * 1_000, undefined, { signal: stopping }).catch(() => undefined);
  }
  if (isLive) process.stdout.write("\n");
  return undefined;
};

/** The line with the countdown, cut where it would not fit and could not be rewritten. */
export function liveLine(status: EpochStatus, last: SettledEpoch | undefined, columns: number): string {
  const [running, ...rest] = describe(status, stateOf(status, last)).split("; ");
  return [`${running!}, ${countdown(status)}`, ...rest].join("; ").slice(0, columns - 1);
}

/** What is worth telling: all but the time changes only now and then. */
function stateOf(
  { timestamp, epoch, workClosesAt, nextEpochToSettle, isDue, paused }: EpochStatus,
  last?: SettledEpoch,
) {
  return {
    timestamp,
    epoch,
    workIsClosed: timestamp >= workClosesAt,
    nextEpochToSettle,
    isDue,
    paused,
    lastSettled:
      last === undefined ? null : { epoch: Number(last.settlement.epoch), emissionWei: last.settlement.emission },
  };
}

function describe({ nextEpochToSettle, isDue, paused }: EpochStatus, state: ReturnType<typeof stateOf>): string {
  const { epoch, workIsClosed, lastSettled } = state;
  return [
    epoch === null
      ? "epoch 0 has not begun"
      : `epoch ${epoch} is running${workIsClosed ? ", tasks now count for the next" : ""}`,
    ...(lastSettled === null ? [] : [`epoch ${lastSettled.epoch} emitted ${formatMdt(lastSettled.emissionWei)} MDT`]),
    ...(isDue ? [`epoch ${nextEpochToSettle} is due`] : []),
    ...(paused ? ["the Treasury is paused"] : []),
  ].join("; ");
}

function countdown({ epoch, timestamp, epochEndsAt }: EpochStatus): string {
  return `${epoch === null ? "begins" : "ends"} in ${durationText(epochEndsAt - timestamp)}`;
}
