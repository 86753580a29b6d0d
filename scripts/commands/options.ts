/** Options that several commands have in common. */

/** `--from`, the same on every command that sends. */
export const from = {
  kind: "optional",
  description: "Who sends: an address or an index of the node's accounts (default 0); elsewhere the key that is set",
} as const;

/** `--amount`, always in MDT. */
export const amount = { kind: "required", description: "How much, in MDT" } as const;

/** When a claim is worth its gas; one that is not is no failure. */
export const worthIt = {
  min: { kind: "optional", description: "Claim nothing below so much, in MDT" },
  maxGas: { kind: "optional", description: "Send nothing while gas costs more, in gwei" },
} as const;

/** `--host`, the same on every command that serves something. */
export const host = {
  kind: "optional",
  description: "Address of this machine to serve on (default 127.0.0.1)",
} as const;

export const monitoringPort = {
  kind: "optional",
  description: "Serve /healthz, /readyz and /metrics on this port (default: none)",
} as const;

/** What miners and validators have in common. */
export const node = {
  listen: { kind: "optional", description: "HOST:PORT to serve inputs and results on, to everybody (default: none)" },
  endpoint: {
    kind: "optional",
    description:
      "The URL at which others reach --listen: it is published in the Directory (default: what is published)",
  },
  concurrency: { kind: "optional", description: "How many questions are asked at a time (default 1)" },
  once: { kind: "flag", description: "End when there is nothing left to do" },
  dryRun: { kind: "flag", description: "Say what would be sent, and send nothing" },
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
    "Folder of the common reference string that the verifier was made with (default: on a local network the one for development)",
} as const;

export const allowKey = {
  kind: "flag",
  description: "Also where admin, policy, slasher or taskGovernor would be a key, not a multisig or governor",
} as const;

/** On every command that sends, and waits for nothing that only a key can do. */
export const sending = {
  dryRun: {
    kind: "flag",
    description: "Say what would change and what gas would cost, and send nothing; needs no key of --from",
  },
  safe: {
    kind: "optional",
    description: "Write it to this file for the Transaction Builder of the Safe in --from, and send nothing",
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
  ({ kind: "optional", description: `Who becomes ${role} (default: --to)` }) as const;

export const epochToSign = {
  kind: "optional",
  description: "Which epoch (default: the next once it is due, else the newest where its root is vetoed)",
} as const;
