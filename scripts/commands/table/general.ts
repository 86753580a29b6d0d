/** Commands without a scope, accounts and rewards: what these commands are for, and their options. */
import { type Scope } from "../command";
import { from, host, sending, worthIt } from "../options";

export const unscoped = {
  description: "",
  commands: {
    completion: {
      description: "Print the bash completion script: add source <(mdt completion) to ~/.bashrc",
      params: {},
    },
    dashboard: {
      description: "Serve the page and the read-only HTTP API, with health and metrics, until stopped",
      params: {
        port: { kind: "optional", description: "Port to serve on (default 8080; 0 takes a free port)" },
        host,
        rpcUrl: {
          kind: "optional",
          description:
            "Public RPC endpoint for browsers (default: the node on this machine, otherwise the visitor's wallet)",
        },
        explorerUrl: { kind: "optional", description: "URL of a block explorer, for links to transactions" },
        requestsPerMinute: {
          kind: "optional",
          description: "API requests per client and minute (default 600; a reverse proxy counts as one client)",
        },
      },
    },
    supply: {
      description: "Show the supply: minted, burned, staked, recycled, unclaimed, circulating",
      params: {},
    },
  },
} as const satisfies Scope;

export const account = {
  description: "Show what an account has",
  commands: {
    show: {
      description:
        "Show all that an account has: balance, rewards, stake, unstaking with dates, miner, validator, roles",
      params: {
        account: { kind: "optional", description: "Account (default: the sender)" },
        from,
      },
    },
  },
} as const satisfies Scope;

export const rewards = {
  description: "Claim rewards, prove them, build reward trees",
  commands: {
    "auto-stake": {
      description: "Stake your rewards automatically with a validator when they are claimed, or stop that",
      params: {
        validator: { kind: "required", description: 'The validator to stake them with; "none" to be paid again' },
        ...sending,
      },
    },
    claim: {
      description: "Claim your rewards, or stake them",
      params: {
        stakeOn: {
          kind: "optional",
          description:
            "Stake the rewards with this validator instead; if somebody claims for you first, you are paid and can delegate by hand",
        },
        ...worthIt,
        ...sending,
      },
    },
    "claim-for": {
      description: "Claim rewards for other accounts",
      params: {
        account: { kind: "optional", description: "Account to pay" },
        file: { kind: "optional", description: "Instead, a file of addresses, one per line" },
        ...worthIt,
        ...sending,
      },
    },
    claimable: {
      description: "List the accounts with claimable rewards, largest first; --json: [{ account, claimableWei }]",
      params: { min: { kind: "optional", description: "Only accounts that can claim at least this, in MDT" } },
    },
    income: {
      description:
        "List all rewards of an account, by epoch and role, claimed or not; --json: [{ date, epoch, role, amountWei, transaction, " +
        "paid: { date, transaction } | null }]",
      params: {
        account: { kind: "required", description: "Account whose income to list" },
        from: { kind: "optional", description: "The first day (UTC), like 2026-01-01 (default: all)" },
        to: { kind: "optional", description: "The last day (UTC)" },
        csv: { kind: "optional", description: "Write it to this file as CSV" },
      },
    },
    proof: {
      description: "Show what an account can claim now, with the proof for the Treasury",
      params: { account: { kind: "required", description: "Account whose rewards to prove" } },
    },
    tree: {
      description: "Build and save the reward tree of a list of accounts and cumulative amounts",
      params: {
        input: { kind: "required", description: 'A file of [["0x…account","amountWei"], …]' },
        chainId: { kind: "required", description: "The chain on which the rewards are claimed" },
        treasury: { kind: "required", description: "The Treasury that pays them" },
        out: {
          kind: "optional",
          description: "File for the tree, in the format of OpenZeppelin's StandardMerkleTree",
        },
      },
    },
  },
} as const satisfies Scope;
