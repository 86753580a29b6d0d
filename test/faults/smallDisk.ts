import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { type KeeperEvent } from "../../scripts/keeper/run/keeperEvents";
import { type Orders } from "./doomedKeeper";

/** A keeper whose data directory is a disk of its own, which is full at first. */
export interface CrampedKeeper {
  readonly events: readonly KeeperEvent[];
  /** Waits until it has reported `count` events of a kind. */
  until(kind: KeeperEvent["kind"], count: number): Promise<void>;
  /** The data directory as the keeper sees it. */
  readonly disk: string;
  /** The file on it that takes all the room. */
  readonly ballast: string;
  kill(): void;
}

/** A mount that only the process sees, and that ends with it; needs no privileges if users may have namespaces. */
const script = `mount -t tmpfs -o size=64k none "$0" && head -c 64k /dev/zero >"$0/ballast" && exec "$@"`;

/** @param program A keeper in one file, which gets its orders in a message. */
export function startOnFullDisk(program: string, orders: Orders): CrampedKeeper {
  const { dataDirectory } = orders;
  const shell = ["--map-root-user", "--mount", "sh", "-c", script, dataDirectory, process.execPath, program];
  const child: ChildProcess = spawn("unshare", shell, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
  const events: KeeperEvent[] = [];
  child.on("message", (event: KeeperEvent) => events.push(event));
  child.send(orders);
  const disk = join("/proc", String(child.pid), "root", dataDirectory);
  return {
    events,
    disk,
    ballast: join(disk, "ballast"),
    async until(kind, count) {
      while (events.filter((event) => event.kind === kind).length < count) {
        if (child.exitCode !== null) throw new Error(`The keeper ended by itself, with exit code ${child.exitCode}.`);
        await new Promise((later) => setTimeout(later, 10));
      }
    },
    kill: () => void child.kill("SIGKILL"),
  };
}
