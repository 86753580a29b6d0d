import { execFile } from "node:child_process";
import { join } from "node:path";

/** The outcome of a command. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Hardhat's command line as a script for Node, without a shell or npx in between. */
export const hardhatScript = require.resolve("hardhat/internal/cli/bootstrap");

/** The built program `mdt`. */
export const mdtProgram = join(__dirname, "..", "..", "dist", "mdt.mjs");

/**
 * Runs `npx hardhat …` as a process of its own, as people do.
 * @param env Added to this process's environment.
 */
export function runHardhat(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> {
  return run([hardhatScript, ...args], env);
}

let built: Promise<void> | undefined;

/** Runs `mdt …` in the same way, built from today's sources. */
export async function runProgram(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> {
  await (built ??= buildProject());
  return run([mdtProgram, ...args], env);
}

/**
 * Builds part of the project, as `npm` does. This process isn't blocked meanwhile: otherwise it would not notice that a node
 * closed a connection.
 * @param what Which part; by default the program.
 */
export async function buildProject(...what: readonly ("bundle" | "library")[]): Promise<void> {
  const { exitCode, stderr } = await run([join(__dirname, "..", "..", "scripts", "build.mjs"), ...what], {});
  if (exitCode !== 0) throw new Error(`The build failed: ${stderr}`);
}

function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { env: { ...process.env, ...env } }, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
    });
  });
}
