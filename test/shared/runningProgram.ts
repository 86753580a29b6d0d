import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createServer } from "node:net";
import { buildProject, mdtProgram, type Outcome } from "./commandLine";

/** A command of `mdt` that runs until it exits or is stopped. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Waits until it writes what matches, to either stream. @throws Error if it ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Where it serves, as it says. */
  url(): Promise<string>;
  /** Sends a signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<Outcome>;
  readonly outcome: Promise<Outcome>;
}

let built: Promise<void> | undefined;

/** Starts `mdt …`, built from the current sources, with this environment added to the process's own. */
export async function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<RunningProgram> {
  await (built ??= buildProject());
  return followed(process.execPath, [mdtProgram, ...args], env);
}

/** Runs lines that a person would type in `cwd`, the last one with exec; `mdt` is built from the current sources. */
export async function startLines(
  lines: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<RunningProgram> {
  await (built ??= buildProject());
  const script = [...lines.slice(0, -1), `exec ${lines.at(-1)}`].join("\n");
  return followed("bash", ["-ec", script.replaceAll("npx mdt", `"${process.execPath}" "${mdtProgram}"`)], env, cwd);
}

function followed(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd?: string,
): RunningProgram {
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, MDT_PRIVATE_KEY: "", HARDHAT_NETWORK: "localhost", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const written = { stdout: "", stderr: "" };
  const emitter = new EventEmitter().setMaxListeners(0);
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      written[name] += text;
      emitter.emit("news");
    });
  }
  const outcome = once(child, "close").then((): Outcome => {
    process.off("exit", kill);
    emitter.emit("news");
    return { exitCode: child.exitCode ?? -1, ...written };
  });
  const program: RunningProgram = {
    child,
    outcome,
    get stdout() {
      return written.stdout;
    },
    get stderr() {
      return written.stderr;
    },
    async said(pattern) {
      for (;;) {
        const found = pattern.exec(written.stdout) ?? pattern.exec(written.stderr);
        if (found !== null) return found;
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`${args.join(" ")} ended without ${pattern}: ${written.stdout}${written.stderr}`);
        }
        await once(emitter, "news");
      }
    },
    url: async () => (await program.said(/Serving on (http:[^\s"]+)["\n]/))[1]!,
    end(signal = "SIGTERM") {
      child.kill(signal);
      return outcome;
    },
  };
  return program;
}

/** A free port of this machine. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
