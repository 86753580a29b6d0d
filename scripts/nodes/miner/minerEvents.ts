import { type Hex } from "viem";
import { type NodeEvent, describeNodeEvent, nodeLevels } from "../run/nodeEvents";
import { type Wording } from "../../show/describeEvent";
import { durationText } from "../../show/moments";

/** What a miner tells beside what every node does. */
export type MinerEvent =
  | NodeEvent
  /** The worker was asked. */
  | { readonly kind: "taskTaken"; readonly taskId: number; readonly typeId: number; readonly secondsLeft: number }
  /** The worker's result is to be handed to the chain, and is kept here where that does not carry it. */
  | { readonly kind: "resultReady"; readonly taskId: number; readonly bytes: number; readonly seconds: number }
  /** The worker won't do it, or it is of a type that this miner does not take: the client gets its fee back. */
  | { readonly kind: "taskDeclined"; readonly taskId: number; readonly reason: string }
  /** Tasks of this type ask for proofs that this node can't make: it takes none of them. Told once. */
  | { readonly kind: "proofsImpossible"; readonly typeId: number; readonly modelHash: Hex; readonly reason: string }
  /** The worker failed, or its result could not be proven; it is asked again while there is time. */
  | { readonly kind: "workFailed"; readonly taskId: number; readonly reason: string; readonly attempts: number }
  /** Nobody serves the input; it is looked for again while there is time. */
  | { readonly kind: "inputMissing"; readonly taskId: number }
  /** A deadline passed without a result since the last look, of a task that was not declined. */
  | { readonly kind: "deadlineMissed"; readonly taskId: number };

/** How a miner's events are reported. */
export const minerWording: Wording<MinerEvent> = {
  levels: { ...nodeLevels, proofsImpossible: "warn", workFailed: "warn", inputMissing: "warn", deadlineMissed: "warn" },
  describe: describeMinerEvent,
};

function describeMinerEvent(event: MinerEvent): string {
  switch (event.kind) {
    case "taskTaken":
      return `Task ${event.taskId} (type ${event.typeId}) went to the worker; its deadline is in ${durationText(event.secondsLeft)}.`;
    case "resultReady":
      return `Task ${event.taskId} has a result of ${event.bytes} bytes after ${event.seconds.toFixed(1)} s.`;
    case "taskDeclined":
      return `Declined task ${event.taskId}: ${event.reason}`;
    case "proofsImpossible":
      return `This node declines tasks of type ${event.typeId}, because it can't make proofs of model ${event.modelHash}: ${event.reason}.`;
    case "workFailed":
      return `The worker failed on task ${event.taskId} (attempt ${event.attempts}): ${event.reason}`;
    case "inputMissing":
      return `Nobody serves the input of task ${event.taskId}; the node keeps looking.`;
    case "deadlineMissed":
      return `Task ${event.taskId} missed its deadline: its client can reclaim the fee.`;
    default:
      return describeNodeEvent(event);
  }
}
