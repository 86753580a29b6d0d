import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleProgram } from "./bundleProgram";

/** Starts one program as many processes, which are killed sooner or later. */
export interface Processes {
  /**
   * @param orders The first message that it receives.
   * @param onEnded Called where it ended, and not because it was killed: with its exit code, and what it wrote to stderr.
   * @returns What ends it at once, wherever it is.
   */
  start(orders: object, onMessage: (message: unknown) => void, onEnded: (words: string) => void): () => Promise<void>;
  /** Kills all. */
  close(): void;
}

/** Bundles the program at `source` into one file, because processes that are killed often must start quickly. */
export async function processesOf(source: string): Promise<Processes> {
  const directory = mkdtempSync(join(tmpdir(), "moderntensor-program-"));
  const program = join(directory, "program.js");
  await bundleProgram(source, program);
  const living = new Set<ChildProcess>();
  return {
    start(orders, onMessage, onEnded) {
      const child = fork(program, {
        serialization: "advanced",
        execArgv: [],
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
      living.add(child);
      let words = "";
      child.stderr!.setEncoding("utf8").on("data", (text: string) => (words += text));
      child.on("message", onMessage);
      child.once("exit", (code, signal) => {
        if (living.delete(child)) onEnded(`exit code ${code}, ${signal}: ${words}`);
      });
      child.send(orders);
      return async () => {
        if (!living.delete(child)) return;
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      };
    },
    close() {
      for (const child of living) child.kill("SIGKILL");
      living.clear();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
