import { type Wording } from "../../show/wording";
import { describeNodeEvent, nodeLevels } from "../run/nodeWording";
import { type ValidatorEvent } from "./validatorEvents";

/** How a validator's events are told. */
export const validatorWording: Wording<ValidatorEvent> = {
  levels: {
    ...nodeLevels,
    scorerFailed: "warn",
    scoresLost: "error",
    notActive: "warn",
    jailNear: "error",
    signingRefused: "error",
    signingBehind: "warn",
    settledOtherwise: "error",
  },
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
      return `This validator is not active in epoch ${event.epoch}: "npx mdt validator list" says why.`;
    case "jailNear":
      return `Nothing was revealed for epochs ${event.missedEpochs.join(", ")}: with one more miss this validator can be slashed and jailed.`;
    case "signed":
      return `Signed ${messageOf(event)} after ${event.seconds.toFixed(1)} s.`;
    case "wouldSign":
      return `Would sign ${messageOf(event)}.`;
    case "signingRefused": {
      const way = event.mayBeAccepted
        ? ` Look at it with "npx mdt epoch settle"; it is signed after "npx mdt keeper accept --epoch ${event.epoch}" on this machine.`
        : "";
      return `Does not sign the ${event.what} of epoch ${event.epoch}, as of block ${event.block}: ${event.reason}.${way}`;
    }
    case "signingBehind": {
      const seen = event.block === null ? "no block is final" : `block ${event.block} is final`;
      return `Epoch ${event.epoch} has been due for ${event.seconds.toFixed(0)} s and is not signed: ${event.isComputing ? "it is being computed" : seen}.`;
    }
    case "settledOtherwise":
      return `Epoch ${event.epoch} was settled in block ${event.block}, and not as this validator signed it: ${event.difference}. ${event.transactionHash}`;
    default:
      return describeNodeEvent(event);
  }
}

/** What was computed, and why again. */
function messageOf({ what, epoch, block, because }: Extract<ValidatorEvent, { kind: "wouldSign" | "signed" }>): string {
  const again = because === null ? "" : ` again, because ${because}`;
  return `the ${what} of epoch ${epoch} as of block ${block}${again}`;
}
