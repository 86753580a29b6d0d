/** `epoch watch` and `task watch`: what happens on the network, as it happens. */
import { setTimeout as sleep } from "node:timers/promises";
import { epochStatus, type EpochStatus } from "../keeper/facts/epochStatus";
import { readSettledEpochs, type SettledEpoch } from "../keeper/facts/settledEpochs";
import { formatMdt } from "../show/amounts";
import { durationText, isoTime } from "../show/moments";
import { chainOf } from "./context";
import { print, toJson, untilSignalled } from "./terminal";
import { type Run } from "./table";
import { type ChainEvent } from "../chain/events/eventTypes";
import { parseWhole } from "./parameters";

/** On a terminal, one line with a countdown that is rewritten; elsewhere one line per change. */
export const watchEpochs: Run<"epoch", "watch"> = async ({ json }, context) => {
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
      await print(json ? toJson(state) : `${isoTime(status.timestamp)} ${describeState(status, state)}`);
    }
    told = changed;
    await sleep(pollSeconds * 1_000, undefined, { signal: stopping }).catch(() => undefined);
  }
  if (isLive) process.stdout.write("\n");
  return undefined;
};

/** The line with the countdown, cut to fit: a longer one would wrap and could not be rewritten. */
export function liveLine(status: EpochStatus, last: SettledEpoch | undefined, columns: number): string {
  const [running, ...rest] = describeState(status, stateOf(status, last)).split("; ");
  return [`${running!}, ${countdown(status)}`, ...rest].join("; ").slice(0, columns - 1);
}

/** The state to report: all of it but the time changes rarely. */
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

function describeState({ nextEpochToSettle, isDue, paused }: EpochStatus, state: ReturnType<typeof stateOf>): string {
  const { epoch, workIsClosed, lastSettled } = state;
  return [
    epoch === null
      ? "epoch 0 has not begun"
      : `epoch ${epoch} is running${workIsClosed ? ", tasks now count for the next epoch" : ""}`,
    ...(lastSettled === null ? [] : [`epoch ${lastSettled.epoch} emitted ${formatMdt(lastSettled.emissionWei)} MDT`]),
    ...(isDue ? [`epoch ${nextEpochToSettle} is due`] : []),
    ...(paused ? ["the Treasury is paused"] : []),
  ].join("; ");
}

function countdown({ epoch, timestamp, epochEndsAt }: EpochStatus): string {
  return `${epoch === null ? "begins" : "ends"} in ${durationText(epochEndsAt - timestamp)}`;
}

type TaskEvent = ChainEvent<"TaskSubmitted" | "TaskCompleted" | "TaskRefunded">;

const names = ["TaskSubmitted", "TaskCompleted", "TaskRefunded"] as const;

/** How far the chain was read. */
interface Place {
  readonly block: number;
  readonly log: number;
}

export const watchTasks: Run<"task", "watch"> = async ({ task, json }, context) => {
  const wanted = task === undefined ? undefined : parseWhole("task", task, Number.MAX_SAFE_INTEGER, 1);
  const chain = await chainOf(context);
  const { pollSeconds } = chain.deployment.config.keeper;
  const stopping = untilSignalled();
  // One task is reported from its beginning, all tasks from now on.
  let after: Place = {
    block: wanted === undefined ? Number(await chain.reader.getBlockNumber()) : -1,
    log: Number.MAX_SAFE_INTEGER,
  };
  for (;;) {
    for (const event of await chain.events.select(names, { after })) {
      after = event;
      if (wanted !== undefined && Number(event.args.taskId) !== wanted) continue;
      await print(json ? toJson(asJson(event)) : describeTask(event));
      if (wanted !== undefined && event.name !== "TaskSubmitted") return undefined;
    }
    await sleep(pollSeconds * 1_000, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) return undefined;
  }
};

function asJson({ name, args, block, transactionHash }: TaskEvent): object {
  return { event: name, ...args, block, transactionHash };
}

function describeTask({ name, args }: TaskEvent): string {
  switch (name) {
    case "TaskSubmitted":
      return `Task ${args.taskId} of type ${args.typeId} for ${formatMdt(args.feeWei)} MDT: miner ${args.minerId} has until ${new Date(Number(args.deadline) * 1_000).toISOString()}.`;
    case "TaskCompleted":
      return `Task ${args.taskId} is completed by miner ${args.minerId} and counts for epoch ${args.epoch}.`;
    case "TaskRefunded":
      return `Task ${args.taskId} was refunded: its client got ${formatMdt(args.feeWei)} MDT back.`;
  }
}
