import { type Arguments, type CommandOutput, type Declaration, type Parameter } from "./command";
import { type Context } from "./network";
import {
  from,
  amount,
  crs,
  host,
  worthIt,
  monitoringPort,
  node,
  type,
  allowKey,
  sending,
  sendingByKey,
  wait,
  role,
  holder,
  epochToSign,
} from "./options";

/**
 * Every command that needs no Hardhat: by scope ("" for those without one) and name, what it is for and its options. `mdt`
 * and Hardhat both read this table; what a command does stands in runs.ts.
 */
export const table = {
  "": {
    description: "",
    commands: {
      completion: {
        description: "Print what lets bash complete commands and options: add source <(mdt completion) to ~/.bashrc",
        params: {},
      },
      dashboard: {
        description: "Serve the page and the read-only HTTP API, with their health and metrics, until stopped",
        params: {
          port: { kind: "optional", description: "Port to serve on (default 8080; 0 takes a free port)" },
          host,
          rpcUrl: {
            kind: "optional",
            description:
              "Endpoint that browsers may use and see (default: the node on this machine, else each one's wallet)",
          },
          explorerUrl: { kind: "optional", description: "A block explorer's address, for links to transactions" },
          requestsPerMinute: {
            kind: "optional",
            description: "How often one client may ask the API (default 600; a reverse proxy is one client)",
          },
        },
      },
      supply: {
        description: "Where every token is: minted, burned, staked, recycled, unclaimed, circulating",
        params: {},
      },
    },
  },
  account: {
    description: "What somebody has on the network",
    commands: {
      show: {
        description: "All that an account has: balance, rewards, stake, unstaking with dates, miner, validator, roles",
        params: {
          account: { kind: "optional", description: "Which account (default: the one that would send)" },
          from,
        },
      },
    },
  },
  config: {
    description: "A network's numbers before it is deployed",
    commands: {
      check: {
        description:
          "Name every field of a network's configuration that is missing or wrong, and for numbers that don't fit together one " +
          "that would do; exits 1 where there is any; --json: { network, problems: [sentence] }",
        params: { file: { kind: "optional", description: "The file (default: that of --network)" } },
      },
      template: {
        description: "Print a configuration to fill in: the numbers of `reference`, without chain and DAO",
        params: { scenario: { kind: "flag", description: "A scenario for `policy simulate` instead" } },
      },
    },
  },
  epoch: {
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
  },
  gateway: {
    description: "Tasks over HTTP for applications that hold no key",
    commands: {
      start: {
        description:
          "Serve POST /v1/run, paid by this account, until stopped: whoever reaches the port can spend its MDT",
        params: {
          port: { kind: "optional", description: "Port to serve on (default 8090; 0 takes a free port)" },
          host,
          maxFee: { kind: "optional", description: "The most that it pays for one task, in MDT (default: no bound)" },
          openTasks: { kind: "optional", description: "How many tasks are on their way at a time (default 100)" },
          from,
        },
      },
    },
  },
  keeper: {
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
            description:
              "Alert too where a validator with its stake raises its commission, is jailed or reveals nothing",
          },
          port: monitoringPort,
          host,
          from,
        },
      },
    },
  },
  miner: {
    description: "Register and list miners",
    commands: {
      list: {
        description:
          "Every miner, what it completed of late, and how it served its clients in the last eight scored epochs; --json: " +
          "[{ minerId, account, activeFromEpoch, completedThisEpoch, completedLastEpoch, scoreWad | null, " +
          "completedShareBps | null, latencySeconds | null, priceWei | null, completedTasks, missedTasks, openTasks, " +
          "standing: { consensusU16, incentiveU16 } | null }]",
        params: {
          sort: { kind: "optional", description: "The best first: by score, share, latency or price (default: by id)" },
          type: { kind: "optional", description: "Judge by the tasks of this type alone (default: by all)" },
        },
      },
      register: {
        description: "Become a miner: pay the registration price, get an id",
        params: { wait: wait("until it may complete tasks"), ...sending },
      },
      start: {
        description: "Do the tasks of a miner as they come, until stopped; with --json, one event per line",
        params: {
          worker: {
            kind: "required",
            description: "Who does the work: digits (built in), a URL, or a command that is started",
          },
          types: { kind: "optional", description: "The types of tasks to take, separated by commas (default: all)" },
          seconds: { kind: "optional", description: "How long the worker may take for one task (default 300)" },
          crs,
          ...node,
        },
      },
    },
  },
  policy: {
    description: "Show, compare and publish the keeper's policy",
    commands: {
      diff: {
        description:
          "The network's configuration beside what is published; " +
          '--json: { isSame, versions: [{ state: "published" | "notPublished" | "notConfigured", fromEpoch, json }], ' +
          "epochs: [{ epoch, changes: [{ field, from: published, to: configured }] }] }, epochs without a difference left out",
        params: {
          epochs: { kind: "optional", description: "For how many epochs, the running one first (default 20)" },
        },
      },
      publish: {
        description:
          "Publish the next version of the network's configuration, or the one in a file, and say what changes when; " +
          '--json: { kind: "published", fromEpoch, json, steps: [{ epoch, changes: [{ field, from, to }] }], replaces: [fromEpoch], ' +
          'transactionHash } or { kind: "nothingToDo", reason }',
        params: {
          input: {
            kind: "optional",
            description: "A file with { fromEpoch, rampEpochs?, policy: what differs from the default }",
          },
          ...sending,
        },
      },
      show: {
        description:
          "The policy in force now and next, and every published version; " +
          "--json: { epoch, inForce: [{ epoch, policyHash, policy }], " +
          "published: [{ index, fromEpoch, json, hash, version | null, problem | null }] }",
        params: { epochs: { kind: "optional", description: "For how many epochs, the running one first (default 5)" } },
      },
      simulate: {
        description: "Run policies over years of epochs, side by side and beside two known schedules",
        params: {
          scenario: { kind: "required", description: "A file with what happens and the policies to compare" },
          epochs: { kind: "optional", description: "How many epochs to run (default: as many as the scenario says)" },
          html: { kind: "optional", description: "Write a report with charts to this file" },
        },
      },
      stress: {
        description:
          "Play every known attack against the numbers of `local` and `reference`, or of --network, and exit 1 where one breaks " +
          "its bound; --json: { rows: [{ network, attack, setting, stakeWei, capitalWei, costWei, gainWei, profitWei, harmWei, " +
          "bound, holds }] }",
        params: {},
      },
    },
  },
  rewards: {
    description: "The tree of rewards: build, prove, claim",
    commands: {
      "auto-stake": {
        description: "Have your rewards staked with a validator from now on, whoever claims them, or paid again",
        params: {
          validator: { kind: "required", description: 'Whose stake they are added to; "none" to be paid again' },
          ...sending,
        },
      },
      claim: {
        description: "Get paid what you have earned, or stake it",
        params: {
          stakeOn: {
            kind: "optional",
            description:
              "A validator: stake the rewards there instead; if somebody claims for you first you are paid, and delegate by hand",
          },
          ...worthIt,
          ...sending,
        },
      },
      "claim-for": {
        description: "Pay others what they have earned",
        params: {
          account: { kind: "optional", description: "Who is paid" },
          file: { kind: "optional", description: "In place of it, a file with the addresses of many, one a line" },
          ...worthIt,
          ...sending,
        },
      },
      claimable: {
        description: "Who can claim something now, who has most first; --json: [{ account, claimableWei }]",
        params: { min: { kind: "optional", description: "Only who can claim so much, in MDT" } },
      },
      income: {
        description:
          "Everything an account earned, by epoch and role, claimed or not; --json: [{ date, epoch, role, amountWei, transaction, " +
          "paid: { date, transaction } | null }]",
        params: {
          account: { kind: "required", description: "Whose income" },
          from: { kind: "optional", description: "The first day (UTC), like 2026-01-01 (default: all)" },
          to: { kind: "optional", description: "The last day (UTC)" },
          csv: { kind: "optional", description: "Write it to this file as a spreadsheet reads it" },
        },
      },
      proof: {
        description: "What an account can claim now, with the proof that the Treasury takes",
        params: { account: { kind: "required", description: "Whose rewards" } },
      },
      tree: {
        description: "Build the reward tree of a list of accounts and cumulative amounts, and save it",
        params: {
          input: { kind: "required", description: 'A file of [["0x…account","amountWei"], …]' },
          chainId: { kind: "required", description: "The chain on which the rewards are claimed" },
          treasury: { kind: "required", description: "The Treasury that pays them" },
          out: {
            kind: "optional",
            description: "Where to save the tree, readable by OpenZeppelin's StandardMerkleTree",
          },
        },
      },
    },
  },
  roles: {
    description: "Who may do what, and changing it",
    commands: {
      grant: {
        description: "Give somebody a role on every contract that has it, as its admin",
        params: { role, account: { kind: "required", description: "Who gets it" }, allowKey, ...sending },
      },
      handover: {
        description: "Give every role that you hold to others, and keep none",
        params: {
          to: {
            kind: "required",
            description: "Who gets every role that no other option names, a multisig best of all",
          },
          keeper: holder("keeper"),
          guardian: holder("guardian"),
          policy: holder("the publisher of policies"),
          slasher: holder("the slasher"),
          taskGovernor: holder("the governor of task types"),
          admin: holder("admin"),
          allowKey,
          ...sending,
        },
      },
      list: { description: "Who holds which role on which contract", params: {} },
      revoke: {
        description: "Take a role from somebody on every contract that has it, as its admin",
        params: { role, account: { kind: "required", description: "Who loses it" }, ...sending },
      },
    },
  },
  score: {
    description: "Commit to scores, reveal them, compute consensus",
    commands: {
      commit: {
        description: "Commit to your scores for the running epoch; nobody can read them until you reveal",
        params: {
          input: { kind: "required", description: "A file of scores 0 to 65535 by miner: { id or address: score, … }" },
          wait: wait("for the next epoch, where it is too late for this one"),
          ...sendingByKey,
        },
      },
      consensus: {
        description: "Run Yuma consensus offline over a file of weights, stakes and bonds",
        params: { input: { kind: "required", description: "A file with one case, or an array of them" } },
      },
      reveal: {
        description: "Reveal the scores that you committed to in the epoch before",
        params: {
          epoch: { kind: "optional", description: "For which epoch (default: the one that can be revealed now)" },
          input: { kind: "optional", description: "The file of scores, where what the commit saved is lost" },
          wait: wait("for the window, where it is not open yet"),
          ...sendingByKey,
        },
      },
    },
  },
  settlement: {
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
  },
  state: {
    description: "What a new deployment takes over from this one",
    commands: {
      export: {
        description:
          "Write who holds every token (in wallets, at stake, as rewards, in escrow), to be given to `deploy --genesis`",
        params: { out: { kind: "required", description: "The file to write" } },
      },
    },
  },
  task: {
    description: "Submit, complete and list tasks",
    commands: {
      complete: {
        description: "Submit the result of a task as its miner",
        params: {
          task: { kind: "required", description: "Id of the task" },
          result: {
            kind: "optional",
            description: "The result, a text for everybody to read (default: empty)",
          },
          file: { kind: "optional", description: "A file with the result, in place of --result; at most 1 MiB" },
          proof: { kind: "optional", description: "A file with the proof that the task's type asks for" },
          input: {
            kind: "optional",
            description: "A file with the input, for the proof (default: what the chain carries of it)",
          },
          ...sending,
        },
      },
      list: { description: "Every task and where it stands", params: {} },
      prove: {
        description:
          "Prove the result of a task whose type asks for that; --json: { taskId, minerId, modelHash, bytes, seconds, proof: base64 or file }",
        params: {
          task: { kind: "required", description: "Id of the task" },
          file: { kind: "required", description: "A file with the result that the model gives" },
          input: { kind: "optional", description: "A file with the input (default: what the chain carries of it)" },
          crs,
          out: { kind: "optional", description: "Write the proof to this file, for `task complete --proof`" },
        },
      },
      refund: {
        description: "Give the fee of a task whose deadline has passed back to its client",
        params: { task: { kind: "required", description: "Id of the task" }, ...sending },
      },
      result: {
        description: "The result of a completed task, from the chain or from whoever serves it, checked by its hash",
        params: {
          task: { kind: "required", description: "Id of the task" },
          out: { kind: "optional", description: "Write it to this file (default: print it, in base64 with --json)" },
        },
      },
      run: {
        description:
          "Have a task done: pick a miner, pay, wait, check the result, and take the fee back after a missed deadline; " +
          "--json: { kind: completed or missed, taskId, minerId, feeWei, result: base64 or null, seconds }",
        params: {
          type,
          input: { kind: "required", description: "A file with what the miner is to work on; at most 1 MiB" },
          miner: { kind: "optional", description: "The miner, by id or by address (default: the best one)" },
          amount: { kind: "optional", description: "The fee in MDT (default: the least that the type costs)" },
          seconds: { kind: "optional", description: "Time until the deadline, in seconds (default 600)" },
          out: { kind: "optional", description: "Write the result to this file (default: print it)" },
          ...sendingByKey,
        },
      },
      submit: {
        description: "Pay for a task and name the miner that is to complete it",
        params: {
          miner: { kind: "required", description: "The miner, by id or by address" },
          input: {
            kind: "optional",
            description: "What the miner is to work on, a text for everybody to read (default: empty)",
          },
          file: { kind: "optional", description: "A file with it, in place of --input; at most 1 MiB" },
          type,
          amount: { kind: "optional", description: "The fee in MDT (default: the least that the type costs)" },
          seconds: { kind: "optional", description: "Time until the deadline, in seconds (default 3600)" },
          ...sending,
        },
      },
      types: {
        description: "Every type of task: what it costs now, and whether scores or proofs of a model judge its results",
        params: {},
      },
      watch: {
        description: "Say what happens to tasks, as it happens, until stopped; with --json, one event per line",
        params: {
          task: { kind: "optional", description: "Only this task, until it is completed or refunded" },
        },
      },
    },
  },
  treasury: {
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
  },
  validator: {
    description: "Register, stake, delegate, leave",
    commands: {
      commission: {
        description: "Change your commission from the next epoch on",
        params: {
          commissionBps: { kind: "required", description: "The new commission in basis points, 0 to 1800" },
          ...sending,
        },
      },
      delegate: {
        description: "Delegate to a validator",
        params: { validator: { kind: "required", description: "Whom to delegate to" }, amount, ...sending },
      },
      leaders: {
        description: "Who leads the slots of an epoch, and who produced",
        params: { epoch: { kind: "optional", description: "Which epoch (default: the running one)" } },
      },
      list: {
        description:
          "Everybody who ever registered as a validator, and how each did in the last 30 settled epochs; --json: record: " +
          "{ epochs, activeEpochs, revealedEpochs, missedEpochs, yearlyReturnWad | null, commissions: [{ epoch, commissionBps }] }",
        params: {
          sort: {
            kind: "optional",
            description: "The best first: by stake, return, reveals or commission (default: by registration)",
          },
        },
      },
      operator: {
        description: "Name the key that may act for your validator in daily business; it moves no money",
        params: {
          operator: { kind: "required", description: "Address of the key; your own for none but the owner's" },
          ...sending,
        },
      },
      produce: {
        description:
          "Produce the running slot if your validator leads it, and be paid; draws the leaders first if nobody has",
        params: { ...sendingByKey },
      },
      profile: {
        description: "Say who you are: shown beside your address as unverified text; an empty text removes one",
        params: {
          name: { kind: "optional", description: "What you are to be called (default: as it is)" },
          site: { kind: "optional", description: "Your web site; https alone becomes a link (default: as it is)" },
          contact: { kind: "optional", description: "How people reach you (default: as it is)" },
          ...sending,
        },
      },
      redelegate: {
        description:
          "Move a delegation to another validator: it counts for the old one until it counts for the new one",
        params: {
          validator: { kind: "required", description: "The validator that holds the delegation" },
          to: { kind: "required", description: "The validator that gets it" },
          amount: { kind: "required", description: 'How much, in MDT, or "all"' },
          ...sending,
        },
      },
      register: {
        description: "Become a validator: pay the registration price and stake",
        params: {
          amount,
          commissionBps: { kind: "optional", description: "Commission in basis points, 0 to 1800 (default 0)" },
          operator: { kind: "optional", description: "Address of the key for daily business (default: the sender)" },
          wait: wait("until the stake counts"),
          ...sending,
        },
      },
      report: {
        description: "Report a validator that stopped revealing: it is slashed and jailed; anybody may",
        params: { validator: { kind: "required", description: "Who revealed nothing" }, ...sending },
      },
      stake: { description: "Add to your own stake as a validator", params: { amount, ...sending } },
      start: {
        description:
          "Score, commit, reveal and produce for a validator, until stopped; with --json, one event per line",
        params: {
          scorer: {
            kind: "required",
            description: "Who judges results: digits (built in), a URL, or a command that is started",
          },
          ...node,
        },
      },
      unjail: { description: "Leave jail from the next epoch on", params: { ...sending } },
      unstake: {
        description: "Take own stake or a delegation out; withdraw it when the exit delay is over",
        params: {
          amount: { kind: "required", description: 'How much, in MDT, or "all"' },
          validator: { kind: "optional", description: "The validator that holds the delegation (default: the sender)" },
          ...sending,
        },
      },
      withdraw: {
        description: "Get paid what you took out of a validator earlier",
        params: {
          validator: { kind: "optional", description: "The validator it was taken out of (default: the sender)" },
          ...sending,
        },
      },
    },
  },
} as const satisfies Readonly<Record<string, Scope>>;

/** Commands on one subject. */
interface Scope {
  readonly description: string;
  readonly commands: Readonly<Record<string, Declaration>>;
}

export type Table = typeof table;

/** What the command `N` of the scope `S` does. */
export type Run<S extends keyof Table, N extends keyof Table[S]["commands"]> = Table[S]["commands"][N] extends {
  readonly params: infer P extends Readonly<Record<string, Parameter>>;
}
  ? (args: Arguments<P>, context: Context) => Promise<CommandOutput | undefined>
  : never;

/** What the commands of the scope `S` do, but for `E`, which stand elsewhere. */
export type Runs<S extends keyof Table, E extends keyof Table[S]["commands"] = never> = {
  readonly [N in Exclude<keyof Table[S]["commands"], E>]: Run<S, N>;
};
