import { scope, task } from "hardhat/config";
import { type ConfigurableTaskDefinition, type HardhatRuntimeEnvironment } from "hardhat/types";
import { complaintAbout, optionOf } from "./refuseUnknown";

/** One `--option` of a command: a text that must be given, a text that may be given, or a switch. */
export interface Parameter {
  readonly kind: "required" | "optional" | "flag";
  readonly description: string;
}

/** What a command is called with: texts as typed, switches as booleans, and `json` on every command. */
export type Arguments<P extends Readonly<Record<string, Parameter>>> = {
  readonly [K in keyof P]: P[K]["kind"] extends "flag"
    ? boolean
    : P[K]["kind"] extends "required"
      ? string
      : string | undefined;
} & { readonly json: boolean };

/** What a command found: the same facts for programs (amounts in wei) and for people (amounts in MDT). */
export interface CommandOutput {
  readonly json: unknown;
  readonly text: string;
  /** Non-zero where the command worked and the answer is "no", as in a verification that found a difference. */
  readonly exitCode?: number;
}

/** A command as a task file declares it. */
export interface Command<P extends Readonly<Record<string, Parameter>>> {
  readonly scope?: string;
  readonly name: string;
  readonly description: string;
  readonly params: P;
  /** @returns What to print at the end; nothing where the command printed as it went. */
  run(args: Arguments<P>, hre: HardhatRuntimeEnvironment): Promise<CommandOutput | undefined>;
}

const scopeDescriptions: Readonly<Record<string, string>> = {
  epoch: "Look at an epoch, compute it, settle it",
  rewards: "The tree of rewards: build, prove, claim",
  validator: "Register, stake, delegate, leave",
  miner: "Register and list miners",
  task: "Submit, complete and list tasks",
  score: "Commit to scores, reveal them, compute consensus",
  policy: "Show, compare and publish the keeper's policy",
  roles: "Who may do what, and handing it over",
  keeper: "The service that settles epoch after epoch",
};

const declared = new Map<string, Map<string, Readonly<Record<string, Parameter>>>>();

/** Ends the process with one sentence where it was called with a command or an option that is not declared. */
export function refuseUnknown(args: readonly string[]): void {
  const complaint = complaintAbout(args, declared);
  if (complaint === undefined) return;
  process.stderr.write(`${complaint}\n`);
  process.exit(1);
}

/**
 * Registers a Hardhat task that answers in one way for people and, with `--json`, in one JSON value for programs.
 * Whatever goes wrong becomes one sentence on stderr, nothing on stdout, and exit code 1.
 */
export function command<P extends Readonly<Record<string, Parameter>>>(definition: Command<P>): void {
  const registered =
    definition.scope === undefined
      ? task(definition.name, definition.description)
      : scope(definition.scope, scopeDescriptions[definition.scope]).task(definition.name, definition.description);
  const { scope: inScope = "", name, params } = definition;
  declared.set(inScope, (declared.get(inScope) ?? new Map<never, never>()).set(name, params));
  addParameters(registered, params);
  registered.setAction(async (args: Arguments<P>, hre) => {
    try {
      requireParameters(definition.params, args);
      const output = await definition.run(args, hre);
      if (output !== undefined) await print(args.json ? toJson(output.json) : output.text);
      process.exitCode = output?.exitCode ?? 0;
    } catch (error) {
      const { errorSentence } = await import("../../scripts/show/errorSentence");
      process.stderr.write(`${errorSentence(error, args.json)}\n`);
      process.exitCode = 1;
    }
  });
}

/** Waits until the text is out: Hardhat ends the process right after, and a pipe takes long texts piece by piece. */
function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${text}\n`, () => {
      resolve();
    });
  });
}

/** Hardhat would answer a missing option with a stack trace, so to Hardhat every option is optional. */
function addParameters(registered: ConfigurableTaskDefinition, params: Readonly<Record<string, Parameter>>): void {
  for (const [name, { kind, description }] of Object.entries(params)) {
    if (kind === "flag") registered.addFlag(name, description);
    else registered.addOptionalParam(name, kind === "required" ? `${description} (required)` : description);
  }
  registered.addFlag("json", "Print one JSON value, amounts in wei");
}

function requireParameters(
  params: Readonly<Record<string, Parameter>>,
  given: Readonly<Record<string, string | boolean | undefined>>,
): void {
  for (const [name, { kind, description }] of Object.entries(params)) {
    if (kind !== "required" || given[name] !== undefined) continue;
    throw new Error(`${optionOf(name)} is missing: ${description}.`);
  }
}

/** JSON with every bigint as a decimal string. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item));
}
