/** Rules, roles and deployments: what these commands are for, and their options. */
import { type Scope } from "../command";
import { allowKey, holder, role, sending } from "../options";

export const policy = {
  description: "Show, compare and publish the keeper's policy",
  commands: {
    diff: {
      description:
        "Compare the network's configuration with the published policies; " +
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
      description: "Simulate policies over years of epochs, and compare them with each other and two known schedules",
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
} as const satisfies Scope;

export const roles = {
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
} as const satisfies Scope;

export const config = {
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
} as const satisfies Scope;

export const state = {
  description: "What a new deployment takes over from this one",
  commands: {
    export: {
      description:
        "Write who holds every token (in wallets, at stake, as rewards, in escrow), to be given to `deploy --genesis`",
      params: { out: { kind: "required", description: "The file to write" } },
    },
  },
} as const satisfies Scope;
