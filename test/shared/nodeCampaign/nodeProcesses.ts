import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleProgram } from "../bundleProgram";
import { type NodeOrders, type Told } from "./nodeProcess";

/** A process that is killed sooner or later. */
export interface NodeProcess {
  /** Ends it at once, wherever it is. */
  kill(): void;
}

/** What is told of a process. */
export interface Listener {
  readonly onTold: (told: Told) => void;
  /** It ended, and not because it was killed. @param words What it wrote to stderr. */
  readonly onEnded: (words: string) => void;
}

/** Starts nodes as processes of their own, in one file, because a node that is killed often has to start quickly. */
export interface NodeFactory {
  start(orders: NodeOrders, listener: Listener): NodeProcess;
  close(): void;
}

/** Makes the one file. */
export async function nodeProcesses(): Promise<NodeFactory> {
  const directory = mkdtempSync(join(tmpdir(), "moderntensor-node-"));
  const program = join(directory, "node.js");
  await bundleProgram(join(__dirname, "nodeProcess.ts"), program);
  const living = new Set<ChildProcess>();
  return {
    start(orders, { onTold, onEnded }) {
      const child = fork(program, {
        serialization: "advanced",
        execArgv: [],
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
      living.add(child);
      let words = "";
      child.stderr!.setEncoding("utf8").on("data", (text: string) => (words += text));
      child.on("message", (told) => {
        if (living.has(child)) onTold(told as Told);
      });
      child.once("exit", (code, signal) => {
        if (living.delete(child)) onEnded(`exit code ${code}, ${signal}: ${words}`);
      });
      child.send(orders);
      return {
        kill() {
          living.delete(child);
          child.kill("SIGKILL");
        },
      };
    },
    close() {
      for (const child of living) child.kill("SIGKILL");
      living.clear();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
