import { type Wording } from "../../show/wording";
import { durationText } from "../../show/duration";
import { describeNodeEvent, nodeLevels } from "../run/nodeWording";
import { type MinerEvent } from "./minerEvents";

/** How a miner's events are told. */
export const minerWording: Wording<MinerEvent> = {
  levels: { ...nodeLevels, proofsImpossible: "warn", workFailed: "warn", inputMissing: "warn", deadlineMissed: "warn" },
  describe: describeMinerEvent,
};

function describeMinerEvent(event: MinerEvent): string {
  switch (event.kind) {
    case "taskTaken":
      return `Task ${event.taskId} (type ${event.typeId}) is with the worker; its deadline is in ${durationText(event.secondsLeft)}.`;
    case "resultReady":
      return `Task ${event.taskId} has a result of ${event.bytes} bytes after ${event.seconds.toFixed(1)} s.`;
    case "taskDeclined":
      return `Task ${event.taskId} is declined: ${event.reason}`;
    case "proofsImpossible":
      return `Type ${event.typeId} asks for proofs of model ${event.modelHash}, and this node can't make them: ${event.reason}. Its tasks are declined.`;
    case "workFailed":
      return `The worker failed at task ${event.taskId} (attempt ${event.attempts}): ${event.reason}`;
    case "inputMissing":
      return `Nobody serves the input of task ${event.taskId}; it is looked for again.`;
    case "deadlineMissed":
      return `Task ${event.taskId} missed its deadline: its client can have the fee back.`;
    default:
      return describeNodeEvent(event);
  }
}
