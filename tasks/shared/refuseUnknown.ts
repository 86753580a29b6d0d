import { type Parameter } from "./command";

/** Hardhat's own options, which may stand anywhere on the line, and whether a value follows. */
const hardhatOptions: Readonly<Record<string, boolean>> = {
  "--network": true,
  "--config": true,
  "--max-memory": true,
  "--tsconfig": true,
  "--show-stack-traces": false,
  "--version": false,
  "--help": false,
  "-h": false,
  "--emoji": false,
  "--verbose": false,
  "--flamegraph": false,
  "--typecheck": false,
};

/** The commands of the project: scope ("" for none), name, and options as declared, in camel case. */
export type CommandTable = ReadonlyMap<string, ReadonlyMap<string, Readonly<Record<string, Parameter>>>>;

/** An option as it is typed: `commissionBps` is `--commission-bps`. */
export function optionOf(parameter: string): string {
  return `--${parameter.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * What is wrong with a command line, in one sentence; undefined where nothing is, or where it is no command of this project.
 * Hardhat would answer with a stack trace wherever it finds no display, so it is never asked.
 * @param args What follows `hardhat`.
 */
export function complaintAbout(args: readonly string[], commands: CommandTable): string | undefined {
  const rest = withoutHardhatOptions(args);
  const scope = commands.has(rest[0] ?? "") ? rest[0]! : "";
  const [name, ...given] = scope === "" ? rest : rest.slice(1);
  const params = commands.get(scope)?.get(name ?? "");
  if (params === undefined) {
    if (scope === "" || name === undefined) return undefined;
    return `There is no command "${scope} ${name}": ${scope} has ${[...commands.get(scope)!.keys()].join(", ")}.`;
  }
  const kinds = new Map(Object.entries(params).map(([parameter, { kind }]) => [optionOf(parameter), kind]));
  kinds.set("--json", "flag");
  for (let i = 0; i < given.length; i++) {
    const option = given[i]!;
    const kind = kinds.get(option);
    if (kind === undefined) {
      const full = `${scope} ${name!}`.trim();
      return `"${full}" does not know ${option}: it takes ${[...kinds.keys()].join(", ")}.`;
    }
    if (kind === "flag") continue;
    i++;
    if (given[i] === undefined || kinds.has(given[i]!)) return `${option} needs a value after it.`;
  }
  return undefined;
}

function withoutHardhatOptions(args: readonly string[]): readonly string[] {
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const takesValue = hardhatOptions[args[i]!];
    if (takesValue === undefined) rest.push(args[i]!);
    else if (takesValue) i++;
  }
  return rest;
}
