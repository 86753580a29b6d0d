import { join } from "node:path";
import { type KeeperEvent } from "../../../scripts/keeper/run/keeperEvents";
import { processesOf } from "../processesOf";
import { type KeeperFactory } from "./keepers";

/** Keepers as processes of their own. */
export async function keeperProcesses(): Promise<KeeperFactory> {
  const processes = await processesOf(join(__dirname, "keeperProcess.ts"));
  const endings: string[] = [];
  return {
    start(options, skewSeconds, tell) {
      const kill = processes.start(
        { ...options, skewSeconds },
        (event) => {
          tell(event as KeeperEvent);
        },
        (words) => endings.push(words),
      );
      return { kill };
    },
    requireNoneEnded() {
      if (endings.length > 0) throw new Error(`A keeper ended by itself: ${endings.join("\n")}`);
    },
    close() {
      processes.close();
    },
  };
}
