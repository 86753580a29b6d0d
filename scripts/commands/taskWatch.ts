/** `task watch`: what happens to tasks, as it happens. */
import { setTimeout as sleep } from "node:timers/promises";
import { type ChainEvent } from "../chain/events/eventTypes";
import { formatMdt } from "../show/amounts";
import { chainOf } from "./context";
import { parseWhole } from "./parameters";
import { print, toJson } from "./runCommand";
import { untilSignalled } from "./signals";
import { type Run } from "./table";

type TaskEvent = ChainEvent<"TaskSubmitted" | "TaskCompleted" | "TaskRefunded">;

const names = ["TaskSubmitted", "TaskCompleted", "TaskRefunded"] as const;

/** Where the chain was read up to. */
interface Place {
  readonly block: number;
  readonly log: number;
}

export const watch: Run<"task", "watch"> = async ({ task, json }, context) => {
  const wanted = task === undefined ? undefined : parseWhole("task", task, Number.MAX_SAFE_INTEGER, 1);
  const chain = await chainOf(context);
  const { pollSeconds } = chain.deployment.config.keeper;
  const stopping = untilSignalled();
  // One task is reported from its beginning, all of them from now on.
  let after: Place = {
    block: wanted === undefined ? Number(await chain.reader.getBlockNumber()) : -1,
    log: Number.MAX_SAFE_INTEGER,
  };
  for (;;) {
    for (const event of await chain.events.select(names, { after })) {
      after = event;
      if (wanted !== undefined && Number(event.args.taskId) !== wanted) continue;
      await print(json ? toJson(asJson(event)) : describe(event));
      if (wanted !== undefined && event.name !== "TaskSubmitted") return undefined;
    }
    await sleep(pollSeconds * 1_000, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) return undefined;
  }
};

function asJson({ name, args, block, transactionHash }: TaskEvent): object {
  return { event: name, ...args, block, transactionHash };
}

function describe({ name, args }: TaskEvent): string {
  switch (name) {
    case "TaskSubmitted":
      return `Task ${args.taskId} of type ${args.typeId} for ${formatMdt(args.feeWei)} MDT: miner ${args.minerId} has until ${new Date(Number(args.deadline) * 1_000).toISOString()}.`;
    case "TaskCompleted":
      return `Task ${args.taskId} is completed by miner ${args.minerId} and counts for epoch ${args.epoch}.`;
    case "TaskRefunded":
      return `Task ${args.taskId} was refunded: its client got ${formatMdt(args.feeWei)} MDT back.`;
  }
}
