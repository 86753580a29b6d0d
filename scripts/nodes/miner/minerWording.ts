import { type Wording } from "../../show/wording";
import { durationText } from "../../show/moments";
import { describeNodeEvent, nodeLevels } from "../run/nodeWording";
import { type MinerEvent } from "./minerEvents";

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
      return `Task ${event.taskId} missed its deadline: its client can have the fee back.`;
    default:
      return describeNodeEvent(event);
  }
}
