import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KeeperEvent } from "../../scripts/keeper/run/keeperEvents";
import { bundleProgram } from "../shared/bundleProgram";
import { type Orders } from "./doomedKeeper";

/** How a keeper's process ended: killed as ordered, or killed here because it had nothing left to do. */
export type Ending = "killed" | "idle";

/** Keepers that are killed and started again, as processes of their own. */
export interface DoomedKeepers {
  /**
   * Runs a keeper until it is killed, or until it waits for an epoch that is not due. Then it is killed, because nothing that
   * it does is part of a settlement any more.
   * @param onBorn Gets the process, in order to kill it.
   */
  run(orders: Orders, onBorn?: (child: ChildProcess) => void): Promise<Ending>;
  close(): void;
}

/** Bundles a keeper into one file, and always has a process of it ready, because keepers that die often must start fast. */
export async function openDoomedKeepers(): Promise<DoomedKeepers> {
  const directory = mkdtempSync(join(tmpdir(), "moderntensor-doomed-"));
  const program = join(directory, "keeper.js");
  await bundleProgram(join(__dirname, "doomedKeeper.ts"), program);
  const spawn = (): ChildProcess => fork(program, { serialization: "advanced", execArgv: [] });
  let next = spawn();
  return {
    async run(orders, onBorn) {
      const child = next;
      next = spawn();
      const ended = once(child, "exit") as Promise<[number | null, string | null]>;
      const told = new Set<KeeperEvent["kind"]>();
      child.on("message", ({ kind }: KeeperEvent) => {
        told.add(kind);
        if (kind === "waiting") child.kill("SIGKILL");
      });
      onBorn?.(child);
      child.send(orders);
      const [code, signal] = await ended;
      if (signal !== "SIGKILL") throw new Error(`A keeper ended by itself, with exit code ${code}.`);
      return told.has("waiting") ? "idle" : "killed";
    },
    close() {
      next.kill("SIGKILL");
      rmSync(directory, { recursive: true });
    },
  };
}
