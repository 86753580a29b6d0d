/** Options that several commands have in common. */

/** `--from`, the same on every command that sends. */
export const from = {
  kind: "optional",
  description:
    "Sender: an address or an index of the development node's accounts (default 0); on other nodes, the configured key",
} as const;

/** `--amount`, always in MDT. */
export const amount = { kind: "required", description: "Amount in MDT" } as const;

/** When a claim is worth its gas; one that is not is no failure. */
export const worthIt = {
  min: { kind: "optional", description: "Claim only amounts of at least this, in MDT" },
  maxGas: { kind: "optional", description: "Send nothing while gas costs more than this, in gwei" },
} as const;

/** `--host`, the same on every command that serves something. */
export const host = {
  kind: "optional",
  description: "Local address to listen on (default 127.0.0.1)",
} as const;

export const monitoringPort = {
  kind: "optional",
  description: "Serve /healthz, /readyz and /metrics on this port (default: none)",
} as const;

/** What miners and validators have in common. */
export const node = {
  listen: { kind: "optional", description: "Public HOST:PORT to serve inputs and results on (default: none)" },
  endpoint: {
    kind: "optional",
    description:
      "The URL at which others reach --listen, to publish in the Directory (default: leave the published one)",
  },
  concurrency: { kind: "optional", description: "Number of requests at a time (default 1)" },
  once: { kind: "flag", description: "Exit when nothing is left to do" },
  dryRun: { kind: "flag", description: "Show what would be sent, without sending it" },
  port: monitoringPort,
  host,
  from,
} as const;

/** The type of a task. */
export const type = { kind: "optional", description: "Id of the task type (default 0)" } as const;

/** `--crs`, on what proves. */
export const crs = {
  kind: "optional",
  description:
    "Folder of the common reference string of the verifier (default: on a local network, the development one)",
} as const;

export const allowKey = {
  kind: "flag",
  description:
    "Allow admin, policy, slasher or taskGovernor to be an ordinary key instead of a multisig or governor contract",
} as const;

/** On every command that sends, and waits for nothing that only a key can do. */
export const sending = {
  dryRun: {
    kind: "flag",
    description: "Show what would change and what gas would cost, without sending; needs no key for --from",
  },
  safe: {
    kind: "optional",
    description:
      "Write the transactions to this file for the Transaction Builder of the Safe in --from, without sending",
  },
  from,
} as const;

/** The same where a Safe is none to do it. */
export const sendingByKey = { dryRun: sending.dryRun, from } as const;

/** `--wait`, on commands whose time may not have come. */
export const wait = (what: string) => ({ kind: "flag", description: `Wait ${what}` }) as const;

export const role = {
  kind: "required",
  description: "keeper, guardian, policy, slasher, taskGovernor, settler or admin",
} as const;

export const holder = (role: string) =>
  ({ kind: "optional", description: `New holder of the role ${role} (default: --to)` }) as const;

export const epochToSign = {
  kind: "optional",
  description: "Epoch (default: the next one if it is due, otherwise the newest one if its root was vetoed)",
} as const;
