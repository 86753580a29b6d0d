/** How commands declare their options, and the options that several commands share. */

/** One `--option` of a command: a text that must be given, a text that may be given, or a switch. */
export interface Parameter {
  readonly kind: "required" | "optional" | "flag";
  readonly description: string;
}

export const required = (description: string) => ({ kind: "required", description }) as const;
export const optional = (description: string) => ({ kind: "optional", description }) as const;
export const flag = (description: string) => ({ kind: "flag", description }) as const;

/** The options of a command by name; `commissionBps` is typed `--commission-bps`. */
export type Parameters = Readonly<Record<string, Parameter>>;

/** What a command is called with: texts as typed, switches as booleans, and `json` on every command. */
export type Arguments<P extends Parameters> = {
  readonly [K in keyof P]: P[K]["kind"] extends "flag"
    ? boolean
    : P[K]["kind"] extends "required"
      ? string
      : string | undefined;
} & { readonly json: boolean };

/** A command as people see it: what it is for and which options it takes. */
export interface Declaration {
  readonly description: string;
  readonly params: Parameters;
}

/** Commands on one subject. */
export interface Scope {
  readonly description: string;
  readonly commands: Readonly<Record<string, Declaration>>;
}

/** What a command found: the same facts for programs (amounts in wei) and for people (amounts in MDT). */
export interface CommandOutput {
  readonly json: unknown;
  readonly text: string;
  /** Non-zero if the command worked and the answer is "no", as in a verification that found a difference. */
  readonly exitCode?: number;
}

/** Thrown instead of sending if a command only shows what it would send, or writes it to a file. */
export class Drafted extends Error {
  override readonly name = "Drafted";
  constructor(readonly output: CommandOutput) {
    super("Nothing was sent.");
  }
}

/**
 * What a command does.
 * @returns What to print at the end; nothing if the command printed as it went.
 */
export type Run<P extends Parameters, C> = (args: Arguments<P>, context: C) => Promise<CommandOutput | undefined>;

/** What a command does, for callers that know only that its declaration read the arguments. */
export type UncheckedRun<C> = (args: never, context: C) => Promise<CommandOutput | undefined>;

/** An option as it is typed: `commissionBps` is `--commission-bps`. */
export function optionOf(parameter: string): string {
  return `--${parameter.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `--from`, the same on every command that sends. */
export const from = optional(
  "Sender: an address or an index of the development node's accounts (default 0); on other nodes, the configured key",
);

/** `--amount`, always in MDT. */
export const amount = required("Amount in MDT");

/** When a claim is worth its gas; it is no failure if one is not. */
export const worthIt = {
  min: optional("Minimum amount to claim, in MDT"),
  maxGas: optional("Maximum gas price in gwei; above it, nothing is sent"),
} as const;

/** `--host`, the same on every command that serves something. */
export const host = optional("Local address to listen on (default 127.0.0.1)");

export const monitoringPort = optional("Serve /healthz, /readyz and /metrics on this port (default: none)");

/** Options that the nodes of miners and validators share. */
export const node = {
  listen: optional("Public HOST:PORT to serve inputs and results on (default: none)"),
  endpoint: optional(
    "The URL at which others reach --listen, to publish in the Directory (default: leave the published one)",
  ),
  concurrency: optional("Maximum number of concurrent requests (default 1)"),
  once: flag("Exit when nothing is left to do"),
  dryRun: flag("Show what would be sent, without sending it"),
  port: monitoringPort,
  host,
  from,
} as const;

/** The type of a task. */
export const type = optional("Id of the task type (default 0)");

/** `--crs`, on commands that prove. */
export const crs = optional(
  "Folder of the common reference string of the verifier (default: on a local network, the development one)",
);

export const allowKey = flag(
  "Allow admin, policy, slasher or taskGovernor to be an ordinary key instead of a multisig or governor contract",
);

/** On every command that sends, unless it waits for something that only a key can do. */
export const sending = {
  dryRun: flag("Show what would change and what gas would cost, without sending; needs no key for --from"),
  safe: optional(
    "Write the transactions to this file for the Transaction Builder of the Safe in --from, without sending",
  ),
  from,
} as const;

/** The same for commands that a Safe can't carry out. */
export const sendingByKey = { dryRun: sending.dryRun, from } as const;

/** `--wait`, on commands that may run too early. */
export const wait = (what: string) => flag(`Wait ${what}`);

export const role = required("keeper, guardian, policy, slasher, taskGovernor, settler or admin");

export const holder = (role: string) => optional(`New holder of the role ${role} (default: --to)`);

export const epochToSign = optional(
  "Epoch (default: the next one if it is due, otherwise the newest one if its root was vetoed)",
);
