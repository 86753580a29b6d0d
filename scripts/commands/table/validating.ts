/** Stake and scores: what these commands are for, and their options. */
import { type Scope } from "../command";
import { amount, node, sending, sendingByKey, wait } from "../options";

export const validator = {
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
      description: "Move a delegation to another validator: it counts for the old one until it counts for the new one",
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
      description: "Score, commit, reveal and produce for a validator, until stopped; with --json, one event per line",
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
} as const satisfies Scope;

export const score = {
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
} as const satisfies Scope;
