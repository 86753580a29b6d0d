/** Commands without a scope, accounts and rewards: what these commands are for, and their options. */
import { type Scope } from "../command";
import { from, host, sending, worthIt } from "../options";

export const unscoped = {
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
} as const satisfies Scope;

export const account = {
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
} as const satisfies Scope;

export const rewards = {
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
} as const satisfies Scope;
