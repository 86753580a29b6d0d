import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { type Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { mdtProgram } from "../shared/commandLine";

/** Reports a process's processor time on file descriptor 3: when it ends, and on request. */
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
 * @throws Error if it fails.
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

/** A program that runs until it is stopped. */
export interface MeasuredService {
  /** Waits until it has printed what matches, after what was waited for before. @throws Error if it ends before. */
  readonly printed: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** The processor seconds that it has taken so far; to be asked once it has printed something. */
  readonly cpuSeconds: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** Starts `mdt …`. */
export function measuredService(env: Environment, ...args: string[]): MeasuredService {
  const { child, told } = start(env, args);
  const ended = once(child, "exit");
  let output = "";
  let look = (): void => undefined;
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (piece: string) => {
      output += piece;
      look();
    });
  }
  return {
    printed(pattern) {
      return new Promise((resolve, reject) => {
        look = () => {
          const match = pattern.exec(output);
          if (match === null) return;
          output = output.slice(match.index + match[0].length);
          look = () => undefined;
          resolve(match);
        };
        void ended.then(() => {
          reject(new Error(`mdt ${args.join(" ")} ended: ${output}`));
        });
        look();
      });
    },
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
