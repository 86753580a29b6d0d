import { type Wording } from "../../show/wording";
import { describeNodeEvent, nodeLevels } from "../run/nodeWording";
import { type ValidatorEvent } from "./validatorEvents";

/** How a validator's events are told. */
export const validatorWording: Wording<ValidatorEvent> = {
  levels: { ...nodeLevels, scorerFailed: "warn", scoresLost: "error", notActive: "warn", jailNear: "error" },
  describe: describeValidatorEvent,
};

function describeValidatorEvent(event: ValidatorEvent): string {
  switch (event.kind) {
    case "scored": {
      const missing = event.missingBlobs === 0 ? "" : `; nobody serves ${event.missingBlobs} inputs or results`;
      return `Epoch ${event.epoch}: ${event.scored} of ${event.miners} miners that worked are scored after ${event.seconds.toFixed(1)} s${missing}.`;
    }
    case "scorerFailed":
      return `Epoch ${event.epoch}: the scorer says nothing of miner ${event.minerId}: ${event.reason}`;
    case "scoresLost":
      return `Epoch ${event.epoch}: this machine does not have the scores that were committed, so it can't reveal them. The machine that committed has them in its data directory.`;
    case "comesLater":
      return `This validator takes part from epoch ${event.activeFrom} on.`;
    case "notActive":
      return `This validator is not active in epoch ${event.epoch}: "npx hardhat validator list" says why.`;
    case "jailNear":
      return `Nothing was revealed for epochs ${event.missedEpochs.join(", ")}: with one more miss this validator can be slashed and jailed.`;
    default:
      return describeNodeEvent(event);
  }
}
