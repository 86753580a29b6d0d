/** Stake and scores: what these commands are for, and their options. */
import {
  optional,
  required,
  type Declaration,
  type Scope,
  amount,
  node,
  sending,
  sendingByKey,
  wait,
} from "../command";

/** An account has one profile, whether it is a miner or a validator. */
export const profile = {
  description:
    "Publish your name, site and contact, shown beside your address as unverified text; an empty text removes a field",
  params: {
    name: optional("Name (default: unchanged)"),
    site: optional("Web site; shown as a link only if it is https (default: unchanged)"),
    contact: optional("Contact (default: unchanged)"),
    ...sending,
  },
} as const satisfies Declaration;

export const validator = {
  description: "Register, stake, delegate, leave",
  commands: {
    commission: {
      description: "Change your commission, effective in the next epoch",
      params: {
        commissionBps: required("The new commission in basis points, 0 to 1800"),
        ...sending,
      },
    },
    delegate: {
      description: "Delegate to a validator",
      params: { validator: required("Validator to delegate to"), amount, ...sending },
    },
    leaders: {
      description: "List the leaders of an epoch's slots, and which slots were produced",
      params: { epoch: optional("Epoch (default: the running one)") },
    },
    list: {
      description:
        "List all validators that ever registered, with their record in the last 30 settled epochs; --json: record: " +
        "{ epochs, activeEpochs, revealedEpochs, missedEpochs, yearlyReturnWad | null, commissions: [{ epoch, commissionBps }] }",
      params: {
        sort: optional("Sort by stake, return, reveals or commission, best first (default: by registration)"),
      },
    },
    operator: {
      description: "Set the operator key that does your validator's daily work; it can't move money",
      params: {
        operator: required("Operator's address; pass the owner's own address to remove the operator"),
        ...sending,
      },
    },
    produce: {
      description: "Produce the running slot if your validator leads it; draws the epoch's leaders first if nobody has",
      params: { ...sendingByKey },
    },
    profile,
    redelegate: {
      description: "Move a delegation to another validator; it counts for the old one until it counts for the new one",
      params: {
        validator: required("Validator that has the delegation"),
        to: required("Validator to move it to"),
        amount: required('Amount in MDT, or "all"'),
        ...sending,
      },
    },
    register: {
      description: "Register as a validator: pay the registration price and stake",
      params: {
        amount,
        commissionBps: optional("Commission in basis points, 0 to 1800 (default 0)"),
        operator: optional("Operator's address, for daily work (default: the sender)"),
        wait: wait("until the stake counts"),
        ...sending,
      },
    },
    report: {
      description: "Report a validator that stopped revealing, so that it is slashed and jailed; anyone may",
      params: { validator: required("Validator that revealed nothing"), ...sending },
    },
    stake: { description: "Add to your own stake as a validator", params: { amount, ...sending } },
    start: {
      description:
        "Run a validator: score, commit, reveal, sign and produce, until stopped; --json: one event per line",
      params: {
        scorer: required("Scorer: digits (built in), a URL, or a command to start"),
        ...node,
      },
    },
    unjail: { description: "Leave jail, effective in the next epoch", params: { ...sending } },
    unstake: {
      description: "Start withdrawing own stake or a delegation; finish with withdraw when the exit delay is over",
      params: {
        amount: required('Amount in MDT, or "all"'),
        validator: optional("Validator that has the delegation (default: the sender)"),
        ...sending,
      },
    },
    withdraw: {
      description: "Withdraw stake whose exit delay is over",
      params: {
        validator: optional("Validator that had the stake (default: the sender)"),
        ...sending,
      },
    },
  },
} as const satisfies Scope;

export const score = {
  description: "Commit and reveal scores, compute consensus",
  commands: {
    commit: {
      description: "Commit to your scores for the running epoch; they stay secret until you reveal them",
      params: {
        input: required("A file of scores 0 to 65535 by miner: { id or address: score, … }"),
        wait: wait("for the next epoch, if it is too late for this one"),
        ...sendingByKey,
      },
    },
    consensus: {
      description: "Run Yuma consensus offline over a file of weights, stakes and bonds",
      params: { input: required("A file with one case, or an array of them") },
    },
    reveal: {
      description: "Reveal the scores that you committed to in the previous epoch",
      params: {
        epoch: optional("Epoch (default: the one that can be revealed now)"),
        input: optional("The file of scores, if the data that the commit saved is lost"),
        wait: wait("for the reveal window, if it is not open yet"),
        ...sendingByKey,
      },
    },
  },
} as const satisfies Scope;
