/** Options that several commands have in common. */
import { flag, optional, required } from "./command";

/** `--from`, the same on every command that sends. */
export const from = optional(
  "Sender: an address or an index of the development node's accounts (default 0); on other nodes, the configured key",
);

/** `--amount`, always in MDT. */
export const amount = required("Amount in MDT");

/** When a claim is worth its gas; one that is not is no failure. */
export const worthIt = {
  min: optional("Claim only amounts of at least this, in MDT"),
  maxGas: optional("Send nothing while gas costs more than this, in gwei"),
} as const;

/** `--host`, the same on every command that serves something. */
export const host = optional("Local address to listen on (default 127.0.0.1)");

export const monitoringPort = optional("Serve /healthz, /readyz and /metrics on this port (default: none)");

/** What miners and validators have in common. */
export const node = {
  listen: optional("Public HOST:PORT to serve inputs and results on (default: none)"),
  endpoint: optional(
    "The URL at which others reach --listen, to publish in the Directory (default: leave the published one)",
  ),
  concurrency: optional("Number of requests at a time (default 1)"),
  once: flag("Exit when nothing is left to do"),
  dryRun: flag("Show what would be sent, without sending it"),
  port: monitoringPort,
  host,
  from,
} as const;

/** The type of a task. */
export const type = optional("Id of the task type (default 0)");

/** `--crs`, on what proves. */
export const crs = optional(
  "Folder of the common reference string of the verifier (default: on a local network, the development one)",
);

export const allowKey = flag(
  "Allow admin, policy, slasher or taskGovernor to be an ordinary key instead of a multisig or governor contract",
);

/** On every command that sends, and waits for nothing that only a key can do. */
export const sending = {
  dryRun: flag("Show what would change and what gas would cost, without sending; needs no key for --from"),
  safe: optional(
    "Write the transactions to this file for the Transaction Builder of the Safe in --from, without sending",
  ),
  from,
} as const;

/** The same where a Safe is none to do it. */
export const sendingByKey = { dryRun: sending.dryRun, from } as const;

/** `--wait`, on commands whose time may not have come. */
export const wait = (what: string) => flag(`Wait ${what}`);

export const role = required("keeper, guardian, policy, slasher, taskGovernor, settler or admin");

export const holder = (role: string) => optional(`New holder of the role ${role} (default: --to)`);

export const epochToSign = optional(
  "Epoch (default: the next one if it is due, otherwise the newest one if its root was vetoed)",
);
