/** Commands without a scope, accounts and rewards: what these commands are for, and their options. */
import { optional, required, type Scope, from, host, sending, worthIt } from "../command";

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
        port: optional("Port to serve on (default 8080; 0 takes a free port)"),
        host,
        rpcUrl: optional(
          "Public RPC endpoint for browsers (default: the node on this machine, otherwise the visitor's wallet)",
        ),
        explorerUrl: optional("URL of a block explorer, for links to transactions"),
        requestsPerMinute: optional(
          "API requests per client and minute (default 600; a reverse proxy counts as one client)",
        ),
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
        account: optional("Account (default: the sender)"),
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
        validator: required('The validator to stake them with; "none" to be paid again'),
        ...sending,
      },
    },
    claim: {
      description: "Claim your rewards, or stake them",
      params: {
        stakeOn: optional(
          "Stake the rewards with this validator instead; if someone claims for you first, you are paid and can delegate by hand",
        ),
        ...worthIt,
        ...sending,
      },
    },
    "claim-for": {
      description: "Claim rewards for other accounts",
      params: {
        account: optional("Account to pay"),
        file: optional("Instead, a file of addresses, one per line"),
        ...worthIt,
        ...sending,
      },
    },
    claimable: {
      description: "List the accounts with claimable rewards, largest first; --json: [{ account, claimableWei }]",
      params: { min: optional("Only accounts that can claim at least this, in MDT") },
    },
    income: {
      description:
        "List all rewards of an account, by epoch and role, claimed or not; --json: [{ date, epoch, role, amountWei, transaction, " +
        "paid: { date, transaction } | null }]",
      params: {
        account: required("Account whose income to list"),
        from: optional("The first day (UTC), like 2026-01-01 (default: all)"),
        to: optional("The last day (UTC)"),
        csv: optional("Write the list to this CSV file"),
      },
    },
    proof: {
      description: "Show what an account can claim now, with the proof for the Treasury",
      params: { account: required("Account whose rewards to prove") },
    },
    recipient: {
      description: "Show the address to which claims pay your rewards, or choose another one; ends automatic staking",
      params: {
        recipient: optional('The address to pay; "none" to be paid yourself (default: show the current one)'),
        ...sending,
      },
    },
    tree: {
      description: "Build and save the reward tree of a list of accounts and cumulative amounts",
      params: {
        input: required('A file of [["0x…account","amountWei"], …]'),
        chainId: required("The chain on which the rewards are claimed"),
        treasury: required("The Treasury that pays them"),
        out: optional("File for the tree, in the format of OpenZeppelin's StandardMerkleTree"),
      },
    },
  },
} as const satisfies Scope;
