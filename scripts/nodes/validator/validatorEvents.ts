import { type Hex } from "viem";
import { type NodeEvent, describeNodeEvent, nodeLevels } from "../run/nodeEvents";
import { type Wording } from "../../show/describeEvent";

/** What a validator tells beside what every node does. */
export type ValidatorEvent =
  | NodeEvent
  /** All miners with completed tasks were judged, or the time for it was over. */
  | {
      readonly kind: "scored";
      readonly epoch: number;
      /** Miners that have a score now, and those that worked: of the others nothing is said. */
      readonly scored: number;
      readonly miners: number;
      /** Inputs and results that nobody serves. */
      readonly missingBlobs: number;
      readonly seconds: number;
    }
  /** The scorer said nothing of a miner. */
  | { readonly kind: "scorerFailed"; readonly epoch: number; readonly minerId: number; readonly reason: string }
  /** The commitment on the chain hides scores that this machine does not have: it can't be revealed here. */
  | { readonly kind: "scoresLost"; readonly epoch: number }
  /** Its stake, or its release from jail, counts from a later epoch on. */
  | { readonly kind: "comesLater"; readonly epoch: number; readonly activeFrom: number }
  /** It does not take part in this epoch nor in the next ones: it is jailed, or has too little stake. */
  | { readonly kind: "notActive"; readonly epoch: number }
  /** Epochs without a reveal; one more of them, and the validator can be slashed and jailed. */
  | { readonly kind: "jailNear"; readonly missedEpochs: readonly number[] }
  /** A settlement or a repost, as this node computed it, is signed, is on its disk, and is served. */
  | (ComputedMessage & { readonly kind: "signed"; readonly seconds: number })
  /** With --dry-run: what would have been signed. */
  | (ComputedMessage & { readonly kind: "wouldSign" })
  /** This node does not sign an epoch. */
  | {
      readonly kind: "signingRefused";
      readonly what: "settlement" | "repost";
      readonly epoch: number;
      /** The final block as of which it was computed. */
      readonly block: bigint;
      /** What was found: which field, which key. */
      readonly reason: string;
      /** Whether it signs once a human has accepted the epoch. */
      readonly mayBeAccepted: boolean;
    }
  /** An epoch has been due for long, and is neither signed nor refused. */
  | {
      readonly kind: "signingBehind";
      readonly epoch: number;
      /** The newest final block that was seen; null where none was. */
      readonly block: bigint | null;
      readonly seconds: number;
      /** Whether it is being computed; else it waits for a final block, or fails. */
      readonly isComputing: boolean;
    }
  /** An epoch was settled, and not as this validator signed it. */
  | {
      readonly kind: "settledDifferently";
      readonly epoch: number;
      /** The first field that differs, in words. */
      readonly difference: string;
      readonly block: bigint;
      readonly transactionHash: Hex;
    };

/** What a node computed of an epoch. */
interface ComputedMessage {
  readonly what: "settlement" | "repost";
  readonly epoch: number;
  /** Its EIP-712 digest. */
  readonly digest: Hex;
  /** The final block as of which it was computed. */
  readonly block: bigint;
  /** Why it is signed again; null for the first time. */
  readonly because: string | null;
}

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
