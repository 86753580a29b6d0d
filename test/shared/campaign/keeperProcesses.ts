import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KeeperEvent } from "../../../scripts/keeper/run/keeperEvents";
import { bundleProgram } from "../bundleProgram";
import { type KeeperFactory } from "./keepers";

/** Keepers as processes of their own, in one file, because a keeper that is killed often has to start quickly. */
export async function keeperProcesses(): Promise<KeeperFactory> {
  const directory = mkdtempSync(join(tmpdir(), "moderntensor-keeper-"));
  const program = join(directory, "keeper.js");
  await bundleProgram(join(__dirname, "keeperProcess.ts"), program);
  const living = new Set<ChildProcess>();
  const endings: string[] = [];
  return {
    start(options, skewSeconds, tell) {
      const child = fork(program, {
        serialization: "advanced",
        execArgv: [],
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
      living.add(child);
      let words = "";
      child.stderr!.setEncoding("utf8").on("data", (text: string) => (words += text));
      child.on("message", (event) => {
        tell(event as KeeperEvent);
      });
      child.once("exit", (code, signal) => {
        living.delete(child);
        if (signal !== "SIGKILL") endings.push(`exit code ${code}, ${signal}: ${words}`);
      });
      child.send({ ...options, skewSeconds });
      return {
        async kill() {
          if (!living.has(child)) return;
          const ended = once(child, "exit");
          child.kill("SIGKILL");
          await ended;
        },
      };
    },
    requireNoneEnded() {
      if (endings.length > 0) throw new Error(`A keeper ended by itself: ${endings.join("\n")}`);
    },
    close() {
      for (const child of living) child.kill("SIGKILL");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
