import { parseArgs, type ParseArgsConfig } from "node:util";
import { type Declaration, optionOf, type Parameters } from "./command";

/** Commands by scope ("" for those without one) and name. */
export type CommandTable = Readonly<Record<string, { readonly commands: Readonly<Record<string, Declaration>> }>>;

/** Options of the program that runs the commands: by name without dashes, whether a value follows. */
export type HostOptions = Readonly<Record<string, boolean>>;

/** What a command line asks for. */
export type CommandLine =
  /** No command of the table: nothing, or something that the host itself must know. */
  | { readonly kind: "other"; readonly words: readonly string[]; readonly host: HostValues }
  | { readonly kind: "scope"; readonly scope: string; readonly host: HostValues }
  /** It can't be run, and why, in one sentence. */
  | { readonly kind: "refused"; readonly complaint: string }
  | {
      readonly kind: "command";
      readonly scope: string;
      readonly name: string;
      readonly declaration: Declaration;
      readonly args: Readonly<Record<string, string | boolean | undefined>>;
      readonly host: HostValues;
    };

export type HostValues = Readonly<Record<string, string | boolean | undefined>>;

/**
 * Reads a command line. A host's options may stand anywhere on it, a command's after its name.
 * @param args What follows the program's name.
 */
export function parseCommandLine(args: readonly string[], table: CommandTable, hostOptions: HostOptions): CommandLine {
  const host = optionsOf(hostOptions);
  const words = parseArgs({ args: [...args], options: host, allowPositionals: true, strict: false });
  const { positionals } = words;
  const hasScope = positionals[0] !== undefined && positionals[0] !== "" && table[positionals[0]] !== undefined;
  const scope = hasScope ? positionals[0]! : "";
  const name = positionals[hasScope ? 1 : 0];
  const declaration = name === undefined ? undefined : table[scope]?.commands[name];
  if (name === undefined || declaration === undefined) {
    const isScopeAlone = hasScope && name === undefined;
    if (isScopeAlone) return { kind: "scope", scope, host: valuesOf(words.values, hostOptions) };
    if (!hasScope) return { kind: "other", words: positionals, host: valuesOf(words.values, hostOptions) };
    const known = Object.keys(table[scope]!.commands).join(", ");
    return { kind: "refused", complaint: `There is no command "${scope} ${name!}": ${scope} has ${known}.` };
  }
  return parseOptions(args, { scope, name, declaration }, hostOptions);
}

function parseOptions(
  args: readonly string[],
  command: { readonly scope: string; readonly name: string; readonly declaration: Declaration },
  hostOptions: HostOptions,
): CommandLine {
  const { scope, name, declaration } = command;
  const params: Parameters = { ...declaration.params, json: { kind: "flag", description: "" } };
  const byOption = new Map(Object.keys(params).map((parameter) => [optionOf(parameter), parameter]));
  const options = {
    ...optionsOf(hostOptions),
    ...Object.fromEntries(
      [...byOption].map(([option, parameter]) => [
        option.slice(2),
        { type: params[parameter]!.kind === "flag" ? ("boolean" as const) : ("string" as const) },
      ]),
    ),
  };
  const { tokens, values } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const full = `${scope} ${name}`.trim();
  const unknown = (word: string): CommandLine => ({
    kind: "refused",
    complaint: `"${full}" does not know ${word}: it takes ${[...byOption.keys()].join(", ")}.`,
  });
  let wordsLeft = scope === "" ? 1 : 2;
  for (const token of tokens) {
    if (token.kind === "option-terminator") return unknown("--");
    if (token.kind === "positional") {
      if (wordsLeft-- > 0) continue;
      return unknown(token.value);
    }
    const option = options[token.name];
    if (option === undefined) return unknown(token.rawName);
    if (option.type === "boolean") {
      if (token.value !== undefined) return unknown(`${token.rawName}=${token.value}`);
    } else if (token.value === undefined || byOption.has(token.value)) {
      return { kind: "refused", complaint: `${token.rawName} needs a value after it.` };
    }
  }
  const given = [...byOption].map(([option, parameter]) => {
    const value = values[option.slice(2)];
    return [parameter, params[parameter]!.kind === "flag" ? value === true : value] as const;
  });
  return { kind: "command", ...command, args: Object.fromEntries(given), host: valuesOf(values, hostOptions) };
}

function optionsOf(hostOptions: HostOptions): NonNullable<ParseArgsConfig["options"]> {
  return Object.fromEntries(
    Object.entries(hostOptions).map(([name, takesValue]) => [
      name,
      { type: takesValue ? "string" : "boolean", ...(name === "help" ? { short: "h" } : {}) },
    ]),
  );
}

function valuesOf(values: HostValues, hostOptions: HostOptions): HostValues {
  return Object.fromEntries(Object.keys(hostOptions).map((name) => [name, values[name]]));
}
