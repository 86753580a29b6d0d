import { formatGwei } from "viem";
import { describeFinding } from "./describeSettling";
import { describeTurnout, settledByText } from "./describeQuorum";
import { describeConcern } from "./describeConcern";
import { durationText } from "./moments";
import { describeServiceEvent, serviceLevels } from "./describeEvent";
import { type Wording } from "./wording";
import { isAlert, type WatchAlert, type WatchEvent } from "../keeper/watch/watchEvents";

/** How the watcher's events are reported. */
export const watchWording: Wording<WatchEvent> = {
  levels: {
    ...serviceLevels,
    reorganised: "warn",
    checkpointRefused: "warn",
    settledAlone: "warn",
    quorumAtRisk: "warn",
    endpointDisagrees: "warn",
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
      return `Epoch ${alert.epoch} has been due for ${durationText(alert.secondsOverdue)} and is not settled.`;
    case "holdersChanged": {
      const added = alert.added.length === 0 ? [] : [`was granted to ${alert.added.join(", ")}`];
      const removed = alert.removed.length === 0 ? [] : [`was revoked from ${alert.removed.join(", ")}`];
      return `The role ${alert.role} of ${alert.contract} ${[...added, ...removed].join(" and ")}.`;
    }
    case "blind":
      return `The watcher could check nothing for ${durationText(Math.floor(alert.secondsWithoutProgress))}: ${alert.reason}.`;
    default:
      return `Validator ${alert.validator} ${describeConcern(alert)}.`;
  }
}

function describeWatchEvent(event: Exclude<WatchEvent, WatchAlert>): string {
  switch (event.kind) {
    case "started": {
      const who = event.guardian === null ? "without a key, so it can't veto" : `vetoing as ${event.guardian}`;
      return `Watcher started for ${event.deployment} via ${event.endpoints.join(", ")}, ${who}.`;
    }
    case "looked":
      return `Block ${event.headBlock}. Epochs checked up to ${event.lastJudgedEpoch}.`;
    case "verified":
      return `Epoch ${event.epoch} was settled correctly, ${settledByText(event.signed)}.`;
    case "settledAlone":
      return `The keeper settled epoch ${event.epoch} alone: too few validators signed in time.`;
    case "signatures":
    case "quorumAtRisk":
      return describeTurnout(event.epoch, event);
    case "repostVerified":
      return `The reposted root of epoch ${event.epoch} is correct: ${event.root}.`;
    case "reorganised":
      return `Reorganisation: the settlement of epoch ${event.epoch} was dropped.`;
    case "vetoSent":
      return `Sent ${event.transactionHash} (nonce ${event.nonce}, up to ${formatGwei(event.maxFeePerGasWei)} gwei), which ${event.pauses ? "pauses the Treasury and " : ""}vetoes the roots from epoch ${event.fromEpoch} on.`;
    case "wrongRootGone":
      return `The wrong root of epoch ${event.epoch} is gone: nobody can claim against it.`;
    case "feeAboveCeiling":
      return `The veto waits for cheaper gas: the price is ${formatGwei(event.askedWei)} gwei, the ceiling ${formatGwei(event.ceilingWei)}.`;
    case "endpointDisagrees":
      return `The quorum of endpoints agrees on ${event.subject}, but ${event.reason}.`;
    case "checkpointRefused":
      return `Checking again from the first epoch: ${event.reason}`;
    default:
      return describeServiceEvent(event);
  }
}
