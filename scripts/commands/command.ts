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
  /** Non-zero where the command worked and the answer is "no", as in a verification that found a difference. */
  readonly exitCode?: number;
}

/** Thrown instead of sending where a command only shows, or writes to a file, what it would send. */
export class Drafted extends Error {
  override readonly name = "Drafted";
  constructor(readonly output: CommandOutput) {
    super("Nothing was sent.");
  }
}

/**
 * What a command does.
 * @returns What to print at the end; nothing where the command printed as it went.
 */
export type Run<P extends Parameters, C> = (args: Arguments<P>, context: C) => Promise<CommandOutput | undefined>;

/** What a command does, when all that is known of its arguments is that its declaration read them. */
export type UncheckedRun<C> = (args: never, context: C) => Promise<CommandOutput | undefined>;

/** An option as it is typed: `commissionBps` is `--commission-bps`. */
export function optionOf(parameter: string): string {
  return `--${parameter.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
