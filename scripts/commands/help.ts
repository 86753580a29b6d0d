import { type Declaration, optionOf } from "./command";
import { type CommandTable } from "./commandLine";
import { type Run, table } from "./table";

/** Options that every command of `mdt` takes. */
const everywhere = [
  ["--json", "Print one JSON value, amounts in wei"],
  ["--network NAME", "A network of scripts/config (default local)"],
  ["--help", "Show what a command does and its options"],
] as const;

/** What `mdt --help` prints: one line per command. */
export function programHelp(table: CommandTable, hardhatCommands: Readonly<Record<string, Declaration>>): string {
  const named = Object.entries(table).flatMap(([scope, { commands }]) => linesOf(scope, commands));
  return [
    "Usage: mdt [--network NAME] COMMAND [OPTIONS]",
    "",
    ...columns(named),
    "",
    "With Hardhat, as npx hardhat COMMAND:",
    ...columns(linesOf("", hardhatCommands)),
    "",
    "Options:",
    ...columns(everywhere),
    "",
    "MDT_RPC_URL sets the endpoints (default: the node on this machine); MDT_KEYSTORE, MDT_REMOTE_SIGNER or MDT_PRIVATE_KEY sets the key.",
  ].join("\n");
}

/** What `mdt SCOPE --help` prints. */
export function scopeHelp(table: CommandTable, scope: string): string {
  return [`Usage: mdt ${scope} COMMAND [OPTIONS]`, "", ...columns(linesOf(scope, table[scope]!.commands))].join("\n");
}

/** What `mdt SCOPE COMMAND --help` prints. */
export function commandHelp(scope: string, name: string, { description, params }: Declaration): string {
  const options = Object.entries(params).map(
    ([parameter, { kind, description: what }]) =>
      [
        `${optionOf(parameter)}${kind === "flag" ? "" : " VALUE"}`,
        kind === "required" ? `${what} (required)` : what,
      ] as const,
  );
  return [
    `Usage: mdt ${`${scope} ${name}`.trim()} [OPTIONS]`,
    "",
    `${description}.`,
    "",
    ...columns([...options, ...everywhere]),
  ].join("\n");
}

/** Each command of a scope with the first part of its description. */
function linesOf(
  scope: string,
  commands: Readonly<Record<string, Declaration>>,
): readonly (readonly [string, string])[] {
  return Object.entries(commands).map(([name, { description }]) => [
    `${scope} ${name}`.trim(),
    description.split(/; (?=--json)|\. /)[0]!,
  ]);
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, what]) => `  ${name.padEnd(width)}  ${what}`);
}

/** `completion`: the script with which bash completes commands and options; zsh takes it after `bashcompinit`. */
export const completion: Run<"", "completion"> = () => {
  const scopes = Object.entries(table).flatMap(([scope, { commands }]) => {
    const named = Object.entries<Declaration>(commands);
    const options = named.map(([name, { params }]) => {
      const words = ["json", ...Object.keys(params)].map(optionOf);
      return branch(`${scope} ${name}`.trim(), words);
    });
    return scope === "" ? options : [...options, branch(scope, Object.keys(commands))];
  });
  const first = [...Object.keys(table).filter((scope) => scope !== ""), ...Object.keys(table[""].commands)];
  const text = [
    "_mdt() {",
    "  local following",
    '  case "${COMP_WORDS[*]:1:COMP_CWORD-1} " in',
    ...scopes,
    `    *) following="${first.join(" ")}" ;;`,
    "  esac",
    '  COMPREPLY=($(compgen -W "$following" -- "${COMP_WORDS[COMP_CWORD]}"))',
    "}",
    "complete -o default -F _mdt mdt",
  ].join("\n");
  return Promise.resolve({ json: text, text });
};

function branch(typed: string, following: readonly string[]): string {
  return `    "${typed} "*) following="${following.join(" ")}" ;;`;
}
