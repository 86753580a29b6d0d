#!/usr/bin/env node
/** The program `mdt`: every command that needs no Hardhat. */
import { commandHelp, programHelp, scopeHelp } from "./commands/help";
import { complaintAboutNetwork, contextOf, type CommandLine, parseCommandLine } from "./commands/commandLine";
import { runCommand, runOf } from "./commands/runCommand";
import { hardhatCommands, table } from "./commands/table";
import { print } from "./commands/terminal";
import { version } from "../package.json";

/** Options of the program itself, and whether a value follows. */
const programOptions = { network: true, help: false, version: false };

async function main(args: readonly string[]): Promise<void> {
  const line = parseCommandLine(args, table, programOptions);
  const complaint = complaintAbout(line);
  if (complaint !== undefined) fail(complaint);
  else if (line.kind === "command" && line.host.help !== true) {
    const { scope, name, declaration } = line;
    await runCommand(declaration, () => runOf(scope, name), line.args, contextOf(line.host.network));
  } else {
    await print("host" in line && line.host.version === true ? version : helpOn(line));
  }
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}

/** Why a command line can't be followed, in one sentence. */
function complaintAbout(line: CommandLine): string | undefined {
  if (line.kind === "refused") return line.complaint;
  const complaint = complaintAboutNetwork(line.host.network);
  if (complaint !== undefined) return complaint;
  const word = line.kind === "other" ? line.words[0] : undefined;
  if (word === undefined) return undefined;
  const command = Object.keys(hardhatCommands).find((name) => name.split(" ")[0] === word);
  return command !== undefined
    ? `"${command}" needs Hardhat, in a checkout of the project: npx hardhat ${command}.`
    : `Unknown command "${word}": "mdt --help" lists the commands.`;
}

function helpOn(line: CommandLine): string {
  switch (line.kind) {
    case "command":
      return commandHelp(line.scope, line.name, line.declaration);
    case "scope":
      return scopeHelp(table, line.scope);
    default:
      return programHelp(table, hardhatCommands);
  }
}

main(process.argv.slice(2))
  .catch((error: unknown) => {
    fail(error instanceof Error ? error.message : String(error));
  })
  // Connections that are still open would keep the process alive.
  .finally(() => process.exit());
