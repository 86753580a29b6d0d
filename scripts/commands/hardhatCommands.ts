import { type Declaration } from "./command";

/** Commands that run inside Hardhat, because they compile, or need a chain in their process. */
export const hardhatCommands = {
  node: { description: "Start a development chain on this machine, with a block every slot", params: {} },
  deploy: {
    description:
      "Deploy the system, wire it and record where it is; run again it resumes, and changes nothing when complete",
    params: {
      epochSeconds: {
        kind: "optional",
        description:
          "Only on a local network: epochs of so many seconds, the first of them after two minutes (default: as configured)",
      },
      soloAfter: {
        kind: "optional",
        description:
          "Only on a local network: the keeper settles alone so many seconds after an epoch was due, and before that a quorum of " +
          "the validators does (default: as configured)",
      },
      genesis: {
        kind: "optional",
        description: "A file of `state export`: its accounts get what they had, in place of the configured allocations",
      },
    },
  },
  "network start": {
    description:
      "A living network on this machine until stopped: chain, deployment, keeper, watcher, validators, miners and clients as " +
      "processes, and the page; --json: { epochs: [{ epoch, settled, verified, emissionWei }], people: [{ name, role, behaviour, " +
      "account, earnedWei, expectedWei }], warnings: [sentence] }",
    params: {
      epochs: {
        kind: "optional",
        description: "End when so many epochs are settled; exit code 1 unless all are verified",
      },
      epochSeconds: { kind: "optional", description: "How long an epoch takes, in seconds (default 64)" },
      port: { kind: "optional", description: "Port of the page (default 8080; 0 takes a free port)" },
      rpcPort: { kind: "optional", description: "Port of the chain (default 8545; 0 takes a free port)" },
    },
  },
  demo: {
    description: "Twelve epochs of a whole network on a chain in this process, with every number checked",
    params: {
      html: { kind: "optional", description: "Write a report with charts and each epoch's story to this file" },
    },
  },
  years: {
    description:
      "Make a chain of synthetic years (10 validators, 100 miners, an epoch of 64 s after the other) and serve it until stopped",
    params: {
      epochs: { kind: "optional", description: "How many epochs to settle (default 3650)" },
      seed: { kind: "optional", description: "The same seed gives the same years (default 1)" },
    },
  },
  bench: {
    description: "Gas, time and memory, beside their targets and peers; gas and fixed sizes repeat exactly",
    params: {
      full: {
        kind: "flag",
        description:
          "Also OpenZeppelin's tree of a million accounts, ours of ten, and ten years of a network: half an hour and 8 GB",
      },
      check: { kind: "flag", description: "Only gas: exit code 1 where it differs from the recorded one" },
      update: { kind: "flag", description: "Only gas: record it in scripts/lab/bench/gas.json" },
    },
  },
} as const satisfies Readonly<Record<string, Declaration>>;
