import { join } from "node:path";
import { processesOf } from "../processesOf";
import { type NodeOrders, type Told } from "./nodeProcess";

/** A process that is killed sooner or later. */
export interface NodeProcess {
  /** Ends it at once, wherever it is. */
  kill(): void;
}

/** The callbacks of a process. */
export interface Listener {
  readonly onTold: (told: Told) => void;
  /** It ended, and not because it was killed. @param words What it wrote to stderr. */
  readonly onEnded: (words: string) => void;
}

/** Starts nodes as processes of their own. */
export interface NodeFactory {
  start(orders: NodeOrders, listener: Listener): NodeProcess;
  close(): void;
}

/** Opens it. */
export async function nodeProcesses(): Promise<NodeFactory> {
  const processes = await processesOf(join(__dirname, "nodeProcess.ts"));
  return {
    start(orders, { onTold, onEnded }) {
      let isKilled = false;
      const kill = processes.start(
        orders,
        (told) => {
          if (!isKilled) onTold(told as Told);
        },
        onEnded,
      );
      return {
        kill() {
          isKilled = true;
          void kill();
        },
      };
    },
    close() {
      processes.close();
    },
  };
}
