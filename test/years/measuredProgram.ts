import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { type Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { mdtProgram } from "../shared/commandLine";

/** Tells on file descriptor 3 how much processor time a process has taken: when it ends, and whenever it is asked. */
const teller = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs";' +
    "const tell = () => { const { user, system } = process.cpuUsage(); writeSync(3, `${user + system}\\n`); };" +
    'process.on("exit", tell); process.on("SIGUSR2", tell);',
)}`;

type Environment = Readonly<Record<string, string>>;

function start(env: Environment, args: readonly string[]): { readonly child: ChildProcess; readonly told: Interface } {
  const child = spawn(process.execPath, ["--import", teller, mdtProgram, ...args], {
    env: { ...process.env, MDT_PRIVATE_KEY: "", ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  return { child, told: createInterface(child.stdio[3] as Readable) };
}

async function nextTold(told: Interface): Promise<number> {
  const [line] = (await once(told, "line")) as [string];
  return Number(line) / 1e6;
}

/**
 * Runs `mdt …` to its end. @returns Its processor seconds, and what it printed.
 * @throws Error where it fails.
 */
export async function measuredRun(
  env: Environment,
  ...args: string[]
): Promise<{ cpuSeconds: number; stdout: string }> {
  const { child, told } = start(env, args);
  const [cpuSeconds, stdout, stderr, [exitCode]] = await Promise.all([
    nextTold(told),
    text(child.stdout!),
    text(child.stderr!),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  if (exitCode !== 0) throw new Error(`mdt ${args.join(" ")} failed: ${stderr}${stdout}`);
  return { cpuSeconds, stdout };
}

/** A program that serves until it is stopped. */
export interface MeasuredServer {
  readonly url: string;
  /** The processor seconds that it has taken so far. */
  readonly cpuSeconds: () => Promise<number>;
  stop(): Promise<void>;
}

/** Starts `mdt …` and waits until it listens. @throws Error where it ends before. */
export async function measuredServer(env: Environment, ...args: string[]): Promise<MeasuredServer> {
  const { child, told } = start(env, args);
  child.stdout!.resume();
  const ended = once(child, "exit");
  const url = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stderr!.setEncoding("utf8").on("data", (piece: string) => {
      output += piece;
      const listening = /Serving on (http:\/\/[\d.:]+)/.exec(output)?.[1];
      if (listening !== undefined) resolve(listening);
    });
    void ended.then(() => {
      reject(new Error(`mdt ${args.join(" ")} ended: ${output}`));
    });
  });
  return {
    url,
    cpuSeconds() {
      const telling = nextTold(told);
      child.kill("SIGUSR2");
      return telling;
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
