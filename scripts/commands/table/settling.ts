/** Epochs: looking at them, settling them, and the services that do: what these commands are for, and their options. */
import { type Scope } from "../command";
import { epochToSign, from, host, monitoringPort, sending, sendingByKey } from "../options";

export const epoch = {
  description: "Look at an epoch, compute it, settle it",
  commands: {
    history: {
      description: "Every settled epoch: the figures to watch",
      params: {
        last: { kind: "optional", description: "Only the last so many (default: all)" },
        html: { kind: "optional", description: "Write a report with charts and each epoch's story to this file" },
      },
    },
    inputs: {
      description: "An epoch's inputs from the chain, as `epoch preview` takes them",
      params: {
        epoch: { kind: "required", description: "Which epoch" },
        out: { kind: "optional", description: "Write them to this file" },
      },
    },
    preview: {
      description: "Compute an epoch offline from a file of inputs",
      params: { input: { kind: "required", description: "A file with one epoch's inputs, or an array of them" } },
    },
    repost: {
      description:
        "After a veto: show the root that the newest epoch should have had; with --send, post it, signed by validators where the " +
        'sender may not alone; --json: { kind: "ready" | "quorumMissing" | "reposted", epoch, terms: { root, inputsHash, returnedWei }, ' +
        '… } or { kind: "nothingToDo" }',
      params: { send: { kind: "flag", description: "Send the transaction" }, ...sending },
    },
    settle: {
      description: "Compute the next epoch and show its settlement; with --send, settle it",
      params: {
        send: { kind: "flag", description: "Send the transaction" },
        safe: {
          kind: "optional",
          description: "Write it to this file for a Safe's Transaction Builder, and send nothing",
        },
        leaveUnpaid: {
          kind: "flag",
          description: "Let everybody claim, where the transaction would otherwise pay them too",
        },
        ...sendingByKey,
      },
    },
    status: { description: "Where the network stands in time, and what is due", params: {} },
    verify: {
      description:
        "Compute epochs again from the chain alone and compare every field; exits 1 on any difference. " +
        'No archive endpoint is needed. --json: { kind: "verified", fromEpoch, toEpoch } or { kind: "different", epoch, difference, ' +
        "findings: [{ epoch, difference | null, repostDifference | null, root, rightRoot, isVetoed, isReposted }] } or " +
        '{ kind: "notSettled", epoch, settledEpochs } or { kind: "alreadyVerified", epoch }',
      params: {
        epoch: { kind: "required", description: "Up to which epoch" },
        from: {
          kind: "optional",
          description: "The first epoch to judge (default 0); those before it are computed too",
        },
        checkpoint: {
          kind: "optional",
          description:
            "Begin after the epoch of this file, if it exists, and write it when all agrees; trust only your own",
        },
      },
    },
    watch: {
      description:
        "Say where the network stands as it changes, until stopped: on a terminal one live line; --json: one event per line, " +
        "{ timestamp, epoch | null, workIsClosed, nextEpochToSettle, isDue, paused, lastSettled: { epoch, emissionWei } | null }",
      params: {},
    },
  },
} as const satisfies Scope;

export const settlement = {
  description: "A settlement, or after a veto a repost, that validators sign: who has, and sending it",
  commands: {
    show: {
      description:
        "Who signed an epoch's settlement, or the repost of its vetoed root; of what is to be signed now each validator's node is asked; " +
        '--json: { kind: "due", epoch, settlement, … } or { kind: "vetoed", epoch, repost, … }, both with { ' +
        "signedWei, neededWei | null, soloFrom, validators: [{ validator, stakeWei, differs, reason | null }] } or " +
        '{ kind: "settledSigned", epoch, validators, signedWei, neededWei, transactionHash } or { kind: "settledAlone", epoch } or ' +
        '{ kind: "notDue", epoch, dueAt, secondsLeft }',
      params: { epoch: epochToSign },
    },
    sign: {
      description:
        "Compute what is to be signed now, and sign it for your validator, once, as its node does; --json: { settlement | repost, " +
        'validator, signature } or { kind: "nothingToDo", epoch }',
      params: {
        epoch: epochToSign,
        out: { kind: "optional", description: "Write it to this file" },
        from,
      },
    },
    submit: {
      description:
        "Compute what is to be signed now, collect its validators' signatures and send it: anybody may; exits 1 where too little stake " +
        "has signed",
      params: {
        files: {
          kind: "optional",
          description: "Files of `settlement sign`, separated by commas, of validators whose nodes don't serve it",
        },
        safe: {
          kind: "optional",
          description: "Write it to this file for a Safe's Transaction Builder, and send nothing",
        },
        ...sendingByKey,
      },
    },
  },
} as const satisfies Scope;

export const keeper = {
  description: "The service that settles epoch after epoch",
  commands: {
    accept: {
      description: "Have the running keeper of this machine sign an epoch that it found unusual",
      params: { epoch: { kind: "required", description: "Which epoch" } },
    },
    keystore: {
      description: "Encrypt the key in MDT_PRIVATE_KEY into a keystore file",
      params: { out: { kind: "required", description: "The file to write; an existing one is never overwritten" } },
    },
    start: {
      description: "Settle each epoch when it is due, until stopped; with --json, one event per line",
      params: {
        port: monitoringPort,
        host,
        from,
      },
    },
    watch: {
      description:
        "Judge each settlement as it appears, and alert; with --veto, veto wrong roots; --json: one event per line",
      params: {
        veto: { kind: "flag", description: "Veto each root that is proven wrong, with the guardian's key" },
        once: { kind: "flag", description: "Judge what there is and end: exit code 1 on any alert" },
        known: {
          kind: "optional",
          description: "Who may hold roles, separated by commas (default: who does at the start)",
        },
        account: {
          kind: "optional",
          description: "Alert too where a validator with its stake raises its commission, is jailed or reveals nothing",
        },
        port: monitoringPort,
        host,
        from,
      },
    },
  },
} as const satisfies Scope;

export const treasury = {
  description: "Stop the Treasury, let it go on, take a wrong root away",
  commands: {
    pause: {
      description: "Stop settling, reposting and claiming, as guardian (it ends by itself) or as admin",
      params: sending,
    },
    unpause: { description: "End the pause, as admin, or as guardian its own", params: sending },
    veto: {
      description: "As guardian remove a wrong root before its claim delay is over, or during a pause",
      params: { epoch: { kind: "required", description: "The first epoch whose root is wrong" }, ...sending },
    },
  },
} as const satisfies Scope;
