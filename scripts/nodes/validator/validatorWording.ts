import { type Wording } from "../../show/wording";
import { describeNodeEvent, nodeLevels } from "../run/nodeWording";
import { type ValidatorEvent } from "./validatorEvents";

/** How a validator's events are reported. */
export const validatorWording: Wording<ValidatorEvent> = {
  levels: {
    ...nodeLevels,
    scorerFailed: "warn",
    scoresLost: "error",
    notActive: "warn",
    jailNear: "error",
    signingRefused: "error",
    signingBehind: "warn",
    settledDifferently: "error",
  },
  describe: describeValidatorEvent,
};

function describeValidatorEvent(event: ValidatorEvent): string {
  switch (event.kind) {
    case "scored": {
      const missing = event.missingBlobs === 0 ? "" : `; nobody serves ${event.missingBlobs} inputs or results`;
      return `Epoch ${event.epoch}: ${event.scored} of ${event.miners} working miners scored after ${event.seconds.toFixed(1)} s${missing}.`;
    }
    case "scorerFailed":
      return `Epoch ${event.epoch}: the scorer did not score miner ${event.minerId}: ${event.reason}`;
    case "scoresLost":
      return `Epoch ${event.epoch}: can't reveal, because the committed scores are not on this machine. They are in the data directory of the machine that committed them.`;
    case "comesLater":
      return `This validator is active from epoch ${event.activeFrom}.`;
    case "notActive":
      return `This validator is not active in epoch ${event.epoch}: "npx mdt validator list" says why.`;
    case "jailNear":
      return `This validator revealed nothing for epochs ${event.missedEpochs.join(", ")}: after one more miss anybody can have it slashed and jailed.`;
    case "signed":
      return `Signed ${messageOf(event)} after ${event.seconds.toFixed(1)} s.`;
    case "wouldSign":
      return `Would sign ${messageOf(event)}.`;
    case "signingRefused": {
      const way = event.mayBeAccepted
        ? ` Check it with "npx mdt epoch settle". If it is right, run "npx mdt keeper accept --epoch ${event.epoch}" on this machine.`
        : "";
      return `Refused to sign the ${event.what} of epoch ${event.epoch}, as of block ${event.block}: ${event.reason}.${way}`;
    }
    case "signingBehind": {
      const seen = event.block === null ? "no block is final" : `block ${event.block} is final`;
      return `Epoch ${event.epoch} has been due for ${event.seconds.toFixed(0)} s and is not signed yet: ${event.isComputing ? "the node is computing it" : seen}.`;
    }
    case "settledDifferently":
      return `Block ${event.block} settled epoch ${event.epoch} differently from what this validator signed: ${event.difference}. ${event.transactionHash}`;
    default:
      return describeNodeEvent(event);
  }
}

/** What was computed, and why again. */
function messageOf({ what, epoch, block, because }: Extract<ValidatorEvent, { kind: "wouldSign" | "signed" }>): string {
  const again = because === null ? "" : ` again, because ${because}`;
  return `the ${what} of epoch ${epoch} as of block ${block}${again}`;
}
