/** Rules, roles and deployments: what these commands are for, and their options. */
import { flag, optional, required, type Scope, allowKey, holder, role, sending } from "../command";

export const policy = {
  description: "Show, compare and publish the keeper's policy",
  commands: {
    diff: {
      description:
        "Compare the network's configuration with the published policies; " +
        '--json: { isSame, versions: [{ state: "published" | "notPublished" | "notConfigured", fromEpoch, json }], ' +
        "epochs: [{ epoch, changes: [{ field, from: published, to: configured }] }] }, epochs without a difference omitted",
      params: {
        epochs: optional("Number of epochs, starting with the running one (default 20)"),
      },
    },
    publish: {
      description:
        "Publish the next version of the network's configuration, or the one in a file, and show what changes and when; " +
        '--json: { kind: "published", fromEpoch, json, steps: [{ epoch, changes: [{ field, from, to }] }], replaces: [fromEpoch], ' +
        'transactionHash } or { kind: "nothingToDo", reason }',
      params: {
        input: optional("A file with { fromEpoch, rampEpochs?, policy: what differs from the default }"),
        ...sending,
      },
    },
    show: {
      description:
        "Show the policy in force now and next, and every published version; " +
        "--json: { epoch, inForce: [{ epoch, policyHash, policy }], " +
        "published: [{ index, fromEpoch, json, hash, version | null, problem | null }] }",
      params: {
        epochs: optional("Number of epochs, starting with the running one (default 5)"),
      },
    },
    simulate: {
      description: "Simulate policies over years of epochs, and compare them with each other and two known schedules",
      params: {
        scenario: required("A file with the scenario and the policies to compare"),
        epochs: optional("Number of epochs to run (default: the scenario's)"),
        html: optional("Write a report with charts to this file"),
      },
    },
    stress: {
      description:
        "Run every known attack against the parameters of `local` and `reference`, or of --network; exit code 1 if one breaks " +
        "its bound; --json: { rows: [{ network, attack, setting, stakeWei, capitalWei, costWei, gainWei, profitWei, harmWei, " +
        "bound, holds }] }",
      params: {},
    },
  },
} as const satisfies Scope;

export const roles = {
  description: "List, grant, revoke and transfer roles",
  commands: {
    grant: {
      description: "As admin, grant a role to an account on every contract that has it",
      params: { role, account: required("Account that gets the role"), allowKey, ...sending },
    },
    handover: {
      description: "Transfer every role that you hold to other accounts",
      params: {
        to: required("New holder of every role that no other option names, preferably a multisig"),
        keeper: holder("keeper"),
        guardian: holder("guardian"),
        policy: holder("policy"),
        slasher: holder("slasher"),
        taskGovernor: holder("taskGovernor"),
        admin: holder("admin"),
        allowKey,
        ...sending,
      },
    },
    list: { description: "List the holders of every role", params: {} },
    revoke: {
      description: "As admin, revoke a role from an account on every contract that has it",
      params: { role, account: required("Account that loses the role"), ...sending },
    },
  },
} as const satisfies Scope;

export const config = {
  description: "Check or print a network's configuration before deploying",
  commands: {
    check: {
      description:
        "Check a network's configuration: list every missing or wrong field with a valid value; exit code 1 if there are " +
        "any; --json: { network, problems: [sentence] }",
      params: { file: optional("The file (default: that of --network)") },
    },
    template: {
      description: "Print a configuration to fill in, with the numbers of `reference`, without chain and DAO",
      params: { scenario: flag("Print a scenario for `policy simulate` instead") },
    },
  },
} as const satisfies Scope;

export const state = {
  description: "Export a deployment's state for a new one",
  commands: {
    export: {
      description:
        "Write the owner of every token (in wallets, staked, as rewards, in escrow) to a file for `deploy --genesis`",
      params: { out: required("The file to write") },
    },
  },
} as const satisfies Scope;
