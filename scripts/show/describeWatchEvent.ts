import { formatGwei } from "viem";
import { describeFinding } from "./describeSettling";
import { describeTurnout, settledByText } from "./describeQuorum";
import { describeConcern } from "./describeConcern";
import { durationText } from "./duration";
import { describeServiceEvent } from "./describeEvent";
import { type Wording } from "./wording";
import { isAlert, type WatchAlert, type WatchEvent } from "../keeper/watch/watchEvents";

/** How the watcher's events are told. */
export const watchWording: Wording<WatchEvent> = {
  levels: {
    looked: "debug",
    rpcError: "debug",
    reorganised: "warn",
    checkpointRefused: "warn",
    settledAlone: "warn",
    quorumAtRisk: "warn",
    endpointDisagrees: "warn",
    feeAboveCeiling: "warn",
    endpointLeftAside: "warn",
    failed: "warn",
    setAside: "warn",
    vetoSent: "warn",
    overdue: "error",
    holdersChanged: "error",
    blind: "error",
    commissionRose: "warn",
    validatorJailed: "warn",
    revealMissed: "warn",
    different: "error",
  },
  describe: (event) => (isAlert(event) ? describeAlert(event) : describeWatchEvent(event)),
};

function describeAlert(alert: WatchAlert): string {
  switch (alert.kind) {
    case "different":
      return `${describeFinding(alert.finding)}${alert.isRootWrong && !alert.finding.isVetoed ? " The guardian must veto it." : ""}`;
    case "overdue":
      return `Epoch ${alert.epoch} has been due for ${durationText(alert.secondsOverdue)}, and nobody settled it.`;
    case "holdersChanged": {
      const added = alert.added.length === 0 ? [] : [`was given to ${alert.added.join(", ")}`];
      const removed = alert.removed.length === 0 ? [] : [`was taken from ${alert.removed.join(", ")}`];
      return `The role ${alert.role} of ${alert.contract} ${[...added, ...removed].join(" and ")}.`;
    }
    case "blind":
      return `Nobody watches: nothing could be judged for ${durationText(Math.floor(alert.secondsWithoutProgress))} (${alert.reason}).`;
    default:
      return `The validator ${alert.validator} ${describeConcern(alert)}.`;
  }
}

function describeWatchEvent(event: Exclude<WatchEvent, WatchAlert>): string {
  switch (event.kind) {
    case "started": {
      const who = event.guardian === null ? "without a key, so nothing is vetoed" : `and vetoes as ${event.guardian}`;
      return `Watches ${event.deployment} through ${event.endpoints.join(", ")}, ${who}.`;
    }
    case "looked":
      return `Block ${event.headBlock}; every epoch up to ${event.lastJudgedEpoch} is judged.`;
    case "verified":
      return `Epoch ${event.epoch} was settled exactly as its facts say, ${settledByText(event.signed)}.`;
    case "settledAlone":
      return `A keeper settled epoch ${event.epoch} alone: too few validators signed it in time.`;
    case "signatures":
    case "quorumAtRisk":
      return describeTurnout(event.epoch, event);
    case "repostVerified":
      return `Epoch ${event.epoch} was posted again rightly, root ${event.root}.`;
    case "reorganised":
      return `The chain took the settlement of epoch ${event.epoch} back.`;
    case "vetoSent":
      return `Sent ${event.transactionHash} (nonce ${event.nonce}, up to ${formatGwei(event.maxFeePerGasWei)} gwei), which ${event.pauses ? "pauses the Treasury and " : ""}vetoes the roots from epoch ${event.fromEpoch} on.`;
    case "wrongRootGone":
      return `The wrong root of epoch ${event.epoch} can be claimed against no more.`;
    case "feeAboveCeiling":
      return `The veto waits: the network asks ${formatGwei(event.askedWei)} gwei for gas, and the ceiling is ${formatGwei(event.ceilingWei)}.`;
    case "endpointDisagrees":
      return `Two endpoints agree on ${event.subject}, but ${event.reason}.`;
    case "checkpointRefused":
      return `Everything is judged from the first epoch: ${event.reason}`;
    default:
      return describeServiceEvent(event);
  }
}
