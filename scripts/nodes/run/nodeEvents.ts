/** The events that miners and validators report, and their wording. */
import { type Address, type Hex, formatEther, formatGwei } from "viem";
import { type ServiceEvent, type Started } from "../../keeper/run/serviceEvents";
import { describeServiceEvent, serviceLevels, type Wording } from "../../show/describeEvent";
import { durationText } from "../../show/moments";

/** Events of every node. Amounts in wei, times in unix seconds; no event ever carries a key. */
export type NodeEvent =
  | ServiceEvent
  | (Started & {
      readonly role: "miner" | "validator";
      /** The miner's id, or the validator's address. */
      readonly id: string;
      readonly account: Address;
    })
  | {
      readonly kind: "looked";
      readonly headBlock: bigint;
      readonly headTimestamp: number;
      /** The running epoch; null before genesis. */
      readonly epoch: number | null;
      /** What the account can still pay for gas. */
      readonly balanceWei: bigint;
    }
  /** Duties were handed to the network in one transaction. */
  | {
      readonly kind: "sent";
      readonly duties: readonly string[];
      readonly nonce: number;
      readonly maxFeePerGasWei: bigint;
      /** Null if another transaction with the same nonce was pending already. */
      readonly transactionHash: Hex | null;
      /** Whether it outbids a transaction with the same nonce that was not mined in time. */
      readonly isReplacement: boolean;
    }
  | {
      readonly kind: "mined";
      readonly duties: readonly string[];
      readonly transactionHash: Hex;
      readonly blockNumber: bigint;
      readonly feeWei: bigint;
      readonly hasReverted: boolean;
    }
  /** Another transaction of the account took the nonce. Duties that are not done yet are sent again. */
  | { readonly kind: "displaced"; readonly duties: readonly string[]; readonly nonce: number }
  /**
   * A contract has refused a duty for some seconds; the node tries it again after a while, if it still has to be done.
   */
  | { readonly kind: "refused"; readonly duty: string; readonly reason: string }
  /** The network asks more per gas than the node may pay, so the node waits. */
  | {
      readonly kind: "feeAboveCeiling";
      readonly duties: readonly string[];
      readonly askedWei: bigint;
      readonly ceilingWei: bigint;
    }
  /** With --dry-run: what would have been sent. */
  | { readonly kind: "wouldSend"; readonly duties: readonly string[]; readonly gas: bigint };

/** Log levels of every node's events. */
export const nodeLevels: Wording<NodeEvent>["levels"] = { ...serviceLevels, displaced: "warn", refused: "warn" };

/** An event of every node as one sentence for people. */
export function describeNodeEvent(event: NodeEvent): string {
  switch (event.kind) {
    case "started":
      return `${event.role === "miner" ? "Miner" : "Validator"} ${event.id} started for ${event.deployment} with account ${event.account} via ${event.endpoints.join(", ")}.`;
    case "looked":
      return `Block ${event.headBlock}${event.epoch === null ? ", before genesis" : `, epoch ${event.epoch}`}.`;
    case "sent": {
      const price = `nonce ${event.nonce}, up to ${formatGwei(event.maxFeePerGasWei)} gwei`;
      const what = `${event.transactionHash ?? "another transaction with this nonce is pending"} (${price})`;
      return `Sent${event.isReplacement ? " again with a higher fee" : ""}: ${event.duties.join(", ")}. ${what}`;
    }
    case "mined":
      return event.hasReverted
        ? `Mined, but reverted: ${event.duties.join(", ")}. ${event.transactionHash}`
        : `Done in block ${event.blockNumber} for a fee of ${formatEther(event.feeWei)} in the chain's coin: ${event.duties.join(", ")}.`;
    case "displaced":
      return `Another transaction of the account used nonce ${event.nonce}. Not done: ${event.duties.join(", ")}.`;
    case "refused":
      return `Can't ${event.duty}: ${event.reason}`;
    case "feeAboveCeiling":
      return `Waiting for cheaper gas (price ${formatGwei(event.askedWei)} gwei, ceiling ${formatGwei(event.ceilingWei)}): ${event.duties.join(", ")}.`;
    case "wouldSend":
      return `Would send, for ${event.gas} gas: ${event.duties.join(", ")}.`;
    default:
      return describeServiceEvent(event);
  }
}

/** Events of a miner, in addition to those of every node. */
export type MinerEvent =
  | NodeEvent
  /** The worker was asked. */
  | { readonly kind: "taskTaken"; readonly taskId: number; readonly typeId: number; readonly secondsLeft: number }
  /** The worker's result is ready for the chain, and is kept here if the chain does not carry it. */
  | { readonly kind: "resultReady"; readonly taskId: number; readonly bytes: number; readonly seconds: number }
  /** The worker won't do it, or this miner does not take its type: the client gets its fee back. */
  | { readonly kind: "taskDeclined"; readonly taskId: number; readonly reason: string }
  /** Tasks of this type ask for proofs that this node can't make: it takes none of them. Reported once. */
  | { readonly kind: "proofsImpossible"; readonly typeId: number; readonly modelHash: Hex; readonly reason: string }
  /** The worker failed, or its result could not be proven; it is asked again while there is time. */
  | { readonly kind: "workFailed"; readonly taskId: number; readonly reason: string; readonly attempts: number }
  /** Nobody serves the input; it is looked for again while there is time. */
  | { readonly kind: "inputMissing"; readonly taskId: number }
  /** Since the last look, the deadline of a task that was not declined passed without a result. */
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

/** Events of a validator, in addition to those of every node. */
export type ValidatorEvent =
  | NodeEvent
  /** All miners with completed tasks were judged, or the time for it was over. */
  | {
      readonly kind: "scored";
      readonly epoch: number;
      /** Miners that have a score now, and all that worked; the others get no score. */
      readonly scored: number;
      readonly miners: number;
      /** Inputs and results that nobody serves. */
      readonly missingBlobs: number;
      readonly seconds: number;
    }
  /** The scorer gave no score for a miner. */
  | { readonly kind: "scorerFailed"; readonly epoch: number; readonly minerId: number; readonly reason: string }
  /** The commitment on the chain hides scores that this machine does not have: it can't be revealed here. */
  | { readonly kind: "scoresLost"; readonly epoch: number }
  /** Its stake, or its release from jail, counts from a later epoch on. */
  | { readonly kind: "comesLater"; readonly epoch: number; readonly activeFrom: number }
  /** It takes part neither in this epoch nor in the next ones: it is jailed, or has too little stake. */
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
  /** An epoch has long been due, and is neither signed nor refused. */
  | {
      readonly kind: "signingBehind";
      readonly epoch: number;
      /** The newest final block that was seen; null if none was. */
      readonly block: bigint | null;
      readonly seconds: number;
      /** Whether it is being computed; else it waits for a final block, or fails. */
      readonly isComputing: boolean;
    }
  /** An epoch was settled differently from what this validator signed. */
  | {
      readonly kind: "settledDifferently";
      readonly epoch: number;
      /** The first field that differs, in words. */
      readonly difference: string;
      readonly block: bigint;
      readonly transactionHash: Hex;
    };

/** The message that a node computed for an epoch. */
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
      return `Epoch ${event.epoch}: ${event.scored} of ${event.miners} miners with completed tasks scored after ${event.seconds.toFixed(1)} s${missing}.`;
    }
    case "scorerFailed":
      return `Epoch ${event.epoch}: the scorer did not score miner ${event.minerId}: ${event.reason}`;
    case "scoresLost":
      return `Epoch ${event.epoch}: can't reveal, because the committed scores are not on this machine. They are in the data directory of the machine that committed them.`;
    case "comesLater":
      return `This validator is active from epoch ${event.activeFrom}.`;
    case "notActive":
      return `This validator is not active in epoch ${event.epoch}: "npx mdt validator list" shows why.`;
    case "jailNear":
      return `This validator revealed nothing for epochs ${event.missedEpochs.join(", ")}: after one more miss, anyone can get it slashed and jailed.`;
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

/** The message that was computed, and why it is signed again. */
function messageOf({ what, epoch, block, because }: Extract<ValidatorEvent, { kind: "wouldSign" | "signed" }>): string {
  const again = because === null ? "" : ` again, because ${because}`;
  return `the ${what} of epoch ${epoch} as of block ${block}${again}`;
}
