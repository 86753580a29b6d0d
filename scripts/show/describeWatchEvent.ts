import { formatGwei } from "viem";
import { describeFinding } from "./describeSettling";
import { describeConcern } from "./describeConcern";
import { describeTurnout, settledByText } from "./describeQuorum";
import { durationText } from "./moments";
import { describeBy, type Sentences, serviceLevels, serviceSentences, type Wording } from "./describeEvent";
import { type WatchEvent } from "../keeper/watch/watchEvents";
import { type StakeConcern } from "../core/staking";

const concern = (about: StakeConcern): string => `Validator ${about.validator} ${describeConcern(about)}.`;

const sentences: Sentences<WatchEvent> = {
  ...serviceSentences,
  started: ({ deployment, endpoints, guardian }) =>
    `Watcher started for ${deployment} via ${endpoints.join(", ")}, ${guardian === null ? "without a key, so it can't veto" : `vetoing as ${guardian}`}.`,
  looked: ({ headBlock, lastJudgedEpoch }) => `Block ${headBlock}. Epochs checked up to ${lastJudgedEpoch}.`,
  verified: ({ epoch, signed }) => `Epoch ${epoch} was settled correctly, ${settledByText(signed)}.`,
  settledAlone: ({ epoch }) => `The keeper settled epoch ${epoch} alone: too few validators signed in time.`,
  signatures: (event) => describeTurnout(event.epoch, event),
  quorumAtRisk: (event) => describeTurnout(event.epoch, event),
  repostVerified: ({ epoch, root }) => `The reposted root of epoch ${epoch} is correct: ${root}.`,
  reorganised: ({ epoch }) => `Reorganisation: the settlement of epoch ${epoch} was dropped.`,
  vetoSent: ({ transactionHash, nonce, maxFeePerGasWei, pauses, fromEpoch }) =>
    `Sent ${transactionHash} (nonce ${nonce}, up to ${formatGwei(maxFeePerGasWei)} gwei), which ${pauses ? "pauses the Treasury and " : ""}vetoes the roots from epoch ${fromEpoch} on.`,
  wrongRootGone: ({ epoch }) => `The wrong root of epoch ${epoch} is gone: nobody can claim against it.`,
  feeAboveCeiling: ({ askedWei, ceilingWei }) =>
    `The veto waits for cheaper gas: the price is ${formatGwei(askedWei)} gwei, the ceiling ${formatGwei(ceilingWei)}.`,
  endpointDisagrees: ({ subject, reason }) => `The quorum of endpoints agrees on ${subject}, but ${reason}.`,
  checkpointRefused: ({ reason }) => `Checking again from the first epoch: ${reason}`,
  different: ({ finding, isRootWrong }) =>
    `${describeFinding(finding)}${isRootWrong && !finding.isVetoed ? " The guardian must veto it." : ""}`,
  overdue: ({ epoch, secondsOverdue }) =>
    `Epoch ${epoch} has been due for ${durationText(secondsOverdue)} and is not settled.`,
  holdersChanged: ({ role, contract, added, removed }) => {
    const granted = added.length === 0 ? [] : [`was granted to ${added.join(", ")}`];
    const revoked = removed.length === 0 ? [] : [`was revoked from ${removed.join(", ")}`];
    return `The role ${role} of ${contract} ${[...granted, ...revoked].join(" and ")}.`;
  },
  blind: ({ secondsWithoutProgress, reason }) =>
    `The watcher has checked nothing for ${durationText(Math.floor(secondsWithoutProgress))}: ${reason}.`,
  commissionRose: concern,
  validatorJailed: concern,
  revealMissed: concern,
};

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
  describe: describeBy(sentences),
};
