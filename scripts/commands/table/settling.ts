/** Showing epochs, settling them, and the services that do: what these commands are for, and their options. */
import {
  flag,
  optional,
  required,
  type Scope,
  epochToSign,
  from,
  host,
  monitoringPort,
  sending,
  sendingByKey,
} from "../command";

export const epoch = {
  description: "Show, compute, settle and verify epochs",
  commands: {
    history: {
      description: "List the settled epochs with their key figures",
      params: {
        last: optional("Number of newest epochs to list (default: all)"),
        html: optional("Write a report with charts and each epoch's story to this file"),
      },
    },
    inputs: {
      description: "Write an epoch's inputs from the chain to a file for `epoch preview`",
      params: {
        epoch: required("Which epoch"),
        out: optional("Write them to this file"),
      },
    },
    preview: {
      description: "Compute an epoch offline from a file of inputs",
      params: { input: required("A file with one epoch's inputs, or an array of them") },
    },
    repost: {
      description:
        "After a veto: show the correct root of the newest epoch; with --send, post it, with validators' signatures if the " +
        'sender may not act alone; --json: { kind: "ready" | "quorumMissing" | "reposted", epoch, terms: { root, inputsHash, returnedWei }, ' +
        '… } or { kind: "nothingToDo" }',
      params: { send: flag("Send the transaction"), ...sending },
    },
    settle: {
      description: "Compute the next epoch and show its settlement; with --send, send it",
      params: {
        send: flag("Send the transaction"),
        safe: optional("Write the transaction to this file for a Safe's Transaction Builder, without sending"),
        leaveUnpaid: flag("Do not pay recipients in the settling transaction; they claim themselves"),
        ...sendingByKey,
      },
    },
    status: { description: "Show the running epoch and slot, and which epoch is due", params: {} },
    verify: {
      description:
        "Recompute epochs from the chain alone and compare every field; exit code 1 on any difference. " +
        'No archive endpoint is needed. --json: { kind: "verified", fromEpoch, toEpoch } or { kind: "different", epoch, difference, ' +
        "findings: [{ epoch, difference | null, repostDifference | null, root, rightRoot, isVetoed, isReposted }] } or " +
        '{ kind: "notSettled", epoch, settledEpochs } or { kind: "alreadyVerified", epoch }',
      params: {
        epoch: required("Last epoch to check"),
        from: optional("First epoch to check (default 0); earlier epochs are recomputed but not checked"),
        checkpoint: optional(
          "Checkpoint file: continue after its epoch if it exists, and write it if everything matches; trust only your own",
        ),
      },
    },
    watch: {
      description:
        "Follow the network's status until stopped: one live line on a terminal; --json: one event per line, " +
        "{ timestamp, epoch | null, workIsClosed, nextEpochToSettle, isDue, paused, lastSettled: { epoch, emissionWei } | null }",
      params: {},
    },
  },
} as const satisfies Scope;

export const settlement = {
  description: "Show, sign and send settlements and reposts that validators sign",
  commands: {
    show: {
      description:
        "Show who signed an epoch's settlement, or the repost of its vetoed root; asks every validator's node about what is due; " +
        '--json: { kind: "due", epoch, settlement, … } or { kind: "vetoed", epoch, repost, … }, both with { ' +
        "signedWei, neededWei | null, soloFrom, validators: [{ validator, stakeWei, differs, reason | null }] } or " +
        '{ kind: "settledSigned", epoch, validators, signedWei, neededWei, transactionHash } or { kind: "settledAlone", epoch } or ' +
        '{ kind: "notDue", epoch, dueAt, secondsLeft }',
      params: { epoch: epochToSign },
    },
    sign: {
      description:
        "Compute what is due and sign it for your validator, as its node would; --json: { settlement | repost, " +
        'validator, signature } or { kind: "nothingToDo", epoch }',
      params: {
        epoch: epochToSign,
        out: optional("Write it to this file"),
        from,
      },
    },
    submit: {
      description:
        "Compute what is due, collect validators' signatures and send it; anyone may. Exit code 1 if too little stake " +
        "has signed",
      params: {
        files: optional(
          "Files of `settlement sign`, comma-separated, from validators whose nodes don't serve their signatures",
        ),
        safe: optional("Write the transaction to this file for a Safe's Transaction Builder, without sending"),
        ...sendingByKey,
      },
    },
  },
} as const satisfies Scope;

export const keeper = {
  description: "Run the keeper and the watcher",
  commands: {
    accept: {
      description: "Allow the keeper on this machine to sign an epoch that it found unusual",
      params: { epoch: required("Which epoch") },
    },
    keystore: {
      description: "Encrypt the key in MDT_PRIVATE_KEY into a keystore file",
      params: { out: required("The file to write; an existing one is never overwritten") },
    },
    start: {
      description: "Settle each epoch when it is due, until stopped; --json: one event per line",
      params: {
        port: monitoringPort,
        host,
        from,
      },
    },
    watch: {
      description: "Check each new settlement and alert; with --veto, veto wrong roots; --json: one event per line",
      params: {
        veto: flag("Veto wrong roots, with the guardian's key"),
        once: flag("Check what is settled now and exit: exit code 1 on any alert"),
        known: optional("Allowed role holders, comma-separated (default: the holders at the start)"),
        account: optional(
          "Also alert when a validator with this account's stake raises its commission, is jailed or reveals nothing",
        ),
        port: monitoringPort,
        host,
        from,
      },
    },
  },
} as const satisfies Scope;

export const treasury = {
  description: "Pause and unpause the Treasury, veto roots",
  commands: {
    pause: {
      description: "Stop settling, reposting and claiming, as guardian (for 14 days at most) or as admin",
      params: sending,
    },
    unpause: { description: "End the pause: the admin can end any pause, the guardian only its own", params: sending },
    veto: {
      description: "As guardian, remove a wrong root before its claim delay is over or during a pause",
      params: { epoch: required("The first epoch whose root is wrong"), ...sending },
    },
  },
} as const satisfies Scope;
