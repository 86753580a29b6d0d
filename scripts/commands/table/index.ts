import { type Arguments, type CommandOutput, type Parameter, flag, optional, type Declaration } from "../command";
import { type Context } from "../commandLine";
import { account, rewards, unscoped } from "./general";
import { config, policy, roles, state } from "./governing";
import { epoch, keeper, settlement, treasury } from "./settling";
import { score, validator } from "./validating";
import { gateway, miner, task } from "./work";

/**
 * Every command that needs no Hardhat: by scope ("" for those without one) and name, its purpose and its options. `mdt`
 * and Hardhat both read this table; runCommand.ts finds the code of a command.
 */
export const table = {
  "": unscoped,
  account,
  config,
  epoch,
  gateway,
  keeper,
  miner,
  policy,
  rewards,
  roles,
  score,
  settlement,
  state,
  task,
  treasury,
  validator,
} as const;

export type Table = typeof table;

/** The code of the command `N` of the scope `S`. */
export type Run<S extends keyof Table, N extends keyof Table[S]["commands"]> = Table[S]["commands"][N] extends {
  readonly params: infer P extends Readonly<Record<string, Parameter>>;
}
  ? (args: Arguments<P>, context: Context) => Promise<CommandOutput | undefined>
  : never;

/** The code of the commands of the scope `S`, except `E`, which are in other files. */
export type Runs<S extends keyof Table, E extends keyof Table[S]["commands"] = never> = {
  readonly [N in Exclude<keyof Table[S]["commands"], E>]: Run<S, N>;
};

/** Commands that run inside Hardhat, because they compile, or need a chain in their process. */
export const hardhatCommands = {
  node: { description: "Start a development chain on this machine, with a block every slot", params: {} },
  deploy: {
    description: "Deploy the contracts and record their addresses; if interrupted, run it again to continue",
    params: {
      epochSeconds: optional(
        "Only on a local network: length of an epoch in seconds; epoch 0 starts after two minutes (default: as configured)",
      ),
      soloAfter: optional(
        "Only on a local network: seconds after an epoch became due from which the keeper may settle alone; before that, " +
          "a quorum of validators must sign (default: as configured)",
      ),
      genesis: optional(
        "A file of `state export`: its accounts get the tokens that they had, instead of the configured allocations",
      ),
    },
  },
  "network start": {
    description:
      "Run a whole network on this machine until stopped: chain, deployment, keeper, watcher, validators, miners and clients as " +
      "processes, and the page; --json: { epochs: [{ epoch, settled, verified, emissionWei }], people: [{ name, role, behaviour, " +
      "account, earnedWei, expectedWei }], warnings: [sentence] }",
    params: {
      epochs: optional("End after this number of settled epochs; exit code 1 unless all are verified"),
      epochSeconds: optional("Length of an epoch in seconds (default 64)"),
      port: optional("Port of the page (default 8080; 0 takes a free port)"),
      rpcPort: optional("Port of the chain (default 8545; 0 takes a free port)"),
    },
  },
  demo: {
    description: "Run twelve epochs of a whole network on a chain in this process, and check every number",
    params: {
      html: optional("Write a report with charts and each epoch's story to this file"),
    },
  },
  years: {
    description:
      "Build a chain with years of history (10 validators, 100 miners, epochs of 64 s) and serve it until stopped",
    params: {
      epochs: optional("Number of epochs to settle (default 3650)"),
      seed: optional("Seed of the random history (default 1)"),
    },
  },
  bench: {
    description:
      "Measure gas, time and memory and compare them with targets and peers; gas and fixed sizes repeat exactly",
    params: {
      full: flag(
        "Also measure OpenZeppelin's tree of 1 million accounts, ours of 10 million, and ten years of a network: half an hour, 8 GB",
      ),
      check: flag("Measure gas only; exit code 1 if it differs from the recorded figures"),
      update: flag("Measure gas only, and record it in scripts/lab/bench/gas.json"),
    },
  },
} as const satisfies Readonly<Record<string, Declaration>>;
