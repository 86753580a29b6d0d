import { parseArgs, type ParseArgsConfig } from "node:util";
import { type Declaration, optionOf, type Parameters } from "./command";
import { networkNames } from "../config/loadNetworkConfig";

/** Commands by scope ("" for those without one) and name. */
export type CommandTable = Readonly<Record<string, { readonly commands: Readonly<Record<string, Declaration>> }>>;

/** Options of the program that runs the commands: by name without dashes, whether a value follows. */
export type HostOptions = Readonly<Record<string, boolean>>;

/** What a command line asks for. */
export type CommandLine =
  /** Not a command of the table: nothing, or words that the host itself must know. */
  | { readonly kind: "other"; readonly words: readonly string[]; readonly host: HostValues }
  | { readonly kind: "scope"; readonly scope: string; readonly host: HostValues }
  /** It can't be run; `complaint` says why in one sentence. */
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
 * Reads a command line. The host's options may stand anywhere on it, a command's only after its name.
 * @param args What follows the program's name.
 */
export function parseCommandLine(args: readonly string[], table: CommandTable, hostOptions: HostOptions): CommandLine {
  const options = optionsOf(hostOptions);
  const { positionals, tokens, values } = parseArgs({ ...lenient, args: [...args], options });
  const scope = positionals[0] !== "" && own(table, positionals[0]) !== undefined ? positionals[0]! : "";
  const name = positionals[scope === "" ? 0 : 1];
  const declaration = own(table[scope]!.commands, name);
  if (name !== undefined && declaration !== undefined) {
    return parseOptions(args, { scope, name, declaration }, hostOptions);
  }
  if (name !== undefined && scope !== "") {
    const known = Object.keys(table[scope]!.commands).join(", ");
    return { kind: "refused", complaint: `Unknown command "${scope} ${name}". Commands of ${scope}: ${known}.` };
  }
  const unknown = tokens.find((token) => token.kind === "option" && own(options, token.name) === undefined);
  if (name === undefined && unknown?.kind === "option") {
    return { kind: "refused", complaint: `Unknown option ${unknown.rawName}: options come after a command.` };
  }
  const host = valuesOf(values, hostOptions);
  return scope === "" ? { kind: "other", words: positionals, host } : { kind: "scope", scope, host };
}

/** This file reports what is wrong with a command line, so parseArgs must not throw. */
const lenient = { allowPositionals: true, strict: false, tokens: true } as const;

/** A record's own entry; undefined for names that every object inherits. */
function own<T>(record: Readonly<Record<string, T>>, name: string | undefined): T | undefined {
  return name !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
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
  const { tokens, values } = parseArgs({ ...lenient, args: [...args], options });
  const full = `${scope} ${name}`.trim();
  const unknown = (word: string): CommandLine => ({
    kind: "refused",
    complaint: `Unexpected ${word} after "${full}". Options: ${[...byOption.keys()].join(", ")}.`,
  });
  const given = new Set<string>();
  let wordsLeft = scope === "" ? 1 : 2;
  for (const token of tokens) {
    if (token.kind === "option-terminator") return unknown("--");
    if (token.kind === "positional") {
      if (wordsLeft-- > 0) continue;
      return unknown(token.value);
    }
    const option = own(options, token.name);
    if (option === undefined) return unknown(token.rawName);
    if (given.has(token.name)) return { kind: "refused", complaint: `${token.rawName} is given twice.` };
    given.add(token.name);
    if (option.type === "boolean") {
      if (token.value !== undefined) return unknown(`${token.rawName}=${token.value}`);
    } else if (token.value === undefined || byOption.has(token.value)) {
      return { kind: "refused", complaint: `${token.rawName} needs a value.` };
    }
  }
  const read = [...byOption].map(([option, parameter]) => {
    const value = values[option.slice(2)];
    return [parameter, params[parameter]!.kind === "flag" ? value === true : value] as const;
  });
  return { kind: "command", ...command, args: Object.fromEntries(read), host: valuesOf(values, hostOptions) };
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

/** Where a command runs. */
export interface Context {
  /** Every endpoint of the chain. */
  readonly endpoints: readonly string[];
  /** The network that --network names; undefined if it names none. */
  readonly network: string | undefined;
}

/** A command's context: the endpoints of MDT_RPC_URL, and the network that the host read. */
export function contextOf(network: string | boolean | undefined): Context {
  return {
    endpoints: endpointsOf(process.env.MDT_RPC_URL),
    network: network === "localhost" ? "local" : typeof network === "string" ? network : undefined,
  };
}

/** Where a development node listens. */
const developmentEndpoint = "http://127.0.0.1:8545";

/** The endpoints in MDT_RPC_URL, separated by commas, over HTTP or WebSocket; by default the node on this machine. */
export function endpointsOf(rpcUrls: string | undefined): readonly string[] {
  const named = (rpcUrls ?? "")
    .split(",")
    .map((url) => url.trim())
    .filter((url) => url !== "");
  return named.length > 0 ? named : [developmentEndpoint];
}

/** The first HTTP endpoint, for programs that take only one; the node on this machine if there is none. */
export function httpEndpointOf(rpcUrls: string | undefined): string {
  return endpointsOf(rpcUrls).find((url) => url.startsWith("http")) ?? developmentEndpoint;
}

/** What is wrong with the value of --network, in one sentence; undefined if nothing is. */
export function complaintAboutNetwork(name: string | boolean | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (typeof name === "boolean") return "--network needs a value.";
  const known = networkNames();
  if (name === "localhost" || known.includes(name)) return undefined;
  return `Unknown network "${name}". Networks in scripts/config: ${known.join(", ")}; localhost means local.`;
}
