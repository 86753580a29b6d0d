/** Registers every command of the project with Hardhat, and what its own tasks do differently here. */
import { scope, subtask, task } from "hardhat/config";
import { HardhatContext } from "hardhat/internal/context";
import { HARDHAT_PARAM_DEFINITIONS } from "hardhat/internal/core/params/hardhat-params";
import { type ConfigurableTaskDefinition, type HardhatRuntimeEnvironment } from "hardhat/types";
import { type Declaration, optionOf } from "../scripts/commands/command";
import { complaintAboutNetwork, contextOf, type CommandLine, parseCommandLine } from "../scripts/commands/commandLine";
import { runCommand, runOf } from "../scripts/commands/runCommand";
import { hardhatCommands, table } from "../scripts/commands/table";
import "./build";
import "./overrides";

/** Hardhat's own options, and whether a value follows. */
const hardhatOptions = Object.fromEntries(
  Object.values(HARDHAT_PARAM_DEFINITIONS).map(({ name, isFlag }) => [optionOf(name).slice(2), !isFlag]),
);

/** Commands that only Hardhat can run. */
const hardhatRuns = {
  deploy: async () => (await import("./deploy")).deploy,
  demo: async () => (await import("./lab")).demo,
  years: async () => (await import("./lab")).years,
  bench: async () => (await import("./lab")).bench,
  "network start": async () => (await import("./lab")).network,
};

for (const [name, { description, commands }] of Object.entries(table)) {
  for (const [command, declaration] of Object.entries<Declaration>(commands)) {
    const registered = name === "" ? task(command) : scope(name, description).task(command);
    register(registered, declaration).setAction(
      (args: Readonly<Record<string, string | boolean>>, { network }: HardhatRuntimeEnvironment) =>
        runCommand(
          declaration,
          () => runOf(name, command),
          args,
          contextOf(network.name === "hardhat" ? undefined : network.name),
        ),
    );
  }
}

for (const [command, load] of Object.entries(hardhatRuns)) {
  const declaration: Declaration = hardhatCommands[command as keyof typeof hardhatRuns];
  const [scopeOrName, name] = command.split(" ") as [string, string?];
  const registered =
    name === undefined ? task(command) : scope(scopeOrName, "A whole network on this machine").task(name);
  register(registered, declaration).setAction(
    (args: Readonly<Record<string, string | boolean>>, hre: HardhatRuntimeEnvironment) =>
      runCommand(declaration, load, args, hre),
  );
}

// Hides tasks of Hardhat and its plugins that nobody needs here: the help omits subtasks.
for (const name of ["check", "gas-reporter:merge", "hhgas:merge"]) subtask(name);

/**
 * Hardhat would answer a missing option with a stack trace, so to Hardhat every option is optional. It lists whole
 * descriptions, so the one of --json says what that prints.
 */
function register(
  registered: ConfigurableTaskDefinition,
  { description, params }: Declaration,
): ConfigurableTaskDefinition {
  const [what, shape] = description.split(/[;.] --json: /) as [string, string?];
  registered.setDescription(what);
  for (const [name, { kind, description }] of Object.entries(params)) {
    if (kind === "flag") registered.addFlag(name, description);
    else registered.addOptionalParam(name, kind === "required" ? `${description} (required)` : description);
  }
  const json = "Print one JSON value, amounts in wei";
  return registered.addFlag("json", shape === undefined ? json : `${json}: ${shape}`);
}

/**
 * Hardhat answers an unknown option, command or network with a stack trace on machines without a display, so this
 * refuses them first.
 */
function refuseUnknown(args: readonly string[]): void {
  // Hardhat checks its own commands, like `node`, itself.
  const { "network start": start, ...others } = hardhatCommands;
  const own = Object.fromEntries(Object.entries(others).filter(([name]) => name !== "node"));
  const network = { commands: { start } };
  const hardhatTable = { ...table, "": { commands: { ...table[""].commands, ...own } }, network };
  const line = parseCommandLine(args, hardhatTable, hardhatOptions);
  const complaint = line.kind === "refused" ? line.complaint : complaintOfHardhat(line);
  if (complaint === undefined) return;
  process.stderr.write(`${complaint}\n`);
  process.exit(1);
}

function complaintOfHardhat(line: Exclude<CommandLine, { kind: "refused" }>): string | undefined {
  const { network } = line.host;
  const ofNetwork = network === "hardhat" ? undefined : complaintAboutNetwork(network);
  const word = line.kind === "other" ? line.words[0] : undefined;
  const { tasksDSL } = HardhatContext.getHardhatContext();
  const isKnown =
    word === undefined || word in tasksDSL.getTaskDefinitions() || word in tasksDSL.getScopesDefinitions();
  return ofNetwork ?? (isKnown ? undefined : `Unknown command "${word}": "npx hardhat --help" lists the commands.`);
}

refuseUnknown(process.argv.slice(2));
