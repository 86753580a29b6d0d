/** The processes of a network: starts, reads and ends them all, and restarts those that end by themselves. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** A process that runs as long as the network does. */
export interface Service {
  /** For people, like "Miner Juno". */
  readonly name: string;
  /** Arguments of `node`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Matches the line that says that it works; the first group, if any, is the URL that it serves. */
  readonly ready: RegExp;
  /** Whether the others have nothing to do without it. If it ends, it isn't restarted, and `vitalEnd` is rejected. */
  readonly isVital?: boolean;
  /** Whether to ignore its lines, which are no events. */
  readonly isMute?: boolean;
}

/** A process that should keep running ended, or a program failed. */
export class ProcessEndedError extends Error {
  override readonly name = "ProcessEndedError";
}

/** Last lines of stderr that are kept, to say why a process ended. */
const keptLines = 5;
const longestPauseSeconds = 30;
const graceMilliseconds = 10_000;

/** With many small processes, a memory arena for each thread would add up. No colours: a program reads the lines. */
const environment = { MALLOC_ARENA_MAX: "1", NO_COLOR: "1" };

/** A process ends if its parent is killed, because its input ends then. */
const nodeOptions = [
  "--max-semi-space-size=1",
  "--import",
  'data:text/javascript,process.stdin.on("end",()=>process.exit(1)).resume().unref()',
];

export class Processes {
  readonly #running = new Map<Service, ChildProcess>();
  #isEnding = false;
  #onVitalEnd: (error: Error) => void = () => undefined;
  /** Rejected when a vital process ends by itself. */
  readonly vitalEnd = new Promise<never>((_, reject) => {
    this.#onVitalEnd = reject;
  });

  constructor(
    private readonly root: string,
    private readonly warnings: Warnings,
  ) {
    this.vitalEnd.catch(() => undefined);
    process.once("exit", this.#killAll);
  }

  /**
   * Starts a service and waits until it works. From then on it is restarted whenever it ends, unless it is vital.
   * @returns The URL that it reports, or "".
   * @throws ProcessEndedError if it ends before it works.
   */
  async start(service: Service): Promise<string> {
    const { child, ready, said } = this.#spawn(service);
    const ended = once(child, "exit");
    const first = await Promise.race([ready, ended.then(() => null)]);
    if (first === null) throw new ProcessEndedError(`${service.name} ended (${fateOf(child)}): ${said()}`);
    void ended.then(() => this.#again(service, child, said, 0));
    return first;
  }

  /** Runs a program to its end. @throws ProcessEndedError if it fails. */
  async run(service: Omit<Service, "ready">): Promise<void> {
    const { child, said } = this.#spawn({ ...service, ready: /(?!)/ });
    await once(child, "exit");
    if (child.exitCode !== 0) throw new ProcessEndedError(`${service.name} failed (${fateOf(child)}): ${said()}`);
  }

  /** Ends every process, the vital ones last, and waits until they have ended. */
  async end(): Promise<void> {
    this.#isEnding = true;
    const services = [...this.#running.keys()];
    const endAll = (some: readonly Service[]) => Promise.all(some.map((one) => this.#end(this.#running.get(one))));
    await endAll(services.filter(({ isVital }) => isVital !== true));
    await endAll(services.filter(({ isVital }) => isVital === true));
    process.off("exit", this.#killAll);
  }

  /** How many processes there are, this one included, and how many bytes of memory they use together. */
  async memory(): Promise<{ readonly processes: number; readonly bytes: number }> {
    const pids = [process, ...this.#running.values()].map(({ pid }) => String(pid));
    const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", pids.join(",")]);
    const kilobytes = stdout.trim().split(/\s+/).map(Number);
    return { processes: kilobytes.length, bytes: kilobytes.reduce((sum, one) => sum + one, 0) * 1_024 };
  }

  readonly #killAll = (): void => {
    for (const child of this.#running.values()) signalGroup(child, "SIGKILL");
  };

  #spawn(service: Service) {
    // A separate process group: Ctrl-C reaches only this process, which then ends the others in order.
    const options = {
      cwd: this.root,
      env: { ...process.env, ...environment, ...service.env },
      detached: true,
    } as const;
    const child = spawn(process.execPath, [...nodeOptions, ...service.args], { ...options, stdio: "pipe" });
    // A process that has ended reads no more.
    child.stdin.on("error", () => undefined);
    this.#running.set(service, child);
    child.once("exit", () => {
      if (this.#running.get(service) === child) this.#running.delete(service);
    });
    const lines: string[] = [];
    const ready = new Promise<string>((resolve) => {
      const hear = (line: string, isError: boolean): void => {
        const [found, where = ""] = service.ready.exec(line) ?? [];
        if (found !== undefined) resolve(where);
        else if (isError && line.trim() !== "") lines.push(line.trim());
        lines.splice(0, lines.length - keptLines);
        if (found === undefined && service.isMute !== true && !this.#isEnding) this.#warn(service, line, isError);
      };
      createInterface({ input: child.stdout }).on("line", (line) => {
        hear(line, false);
      });
      createInterface({ input: child.stderr }).on("line", (line) => {
        hear(line, true);
      });
    });
    return { child, ready, said: () => lines.join(" ") || "it said nothing" };
  }

  #warn({ name }: Service, line: string, isError: boolean): void {
    const event = eventIn(line);
    if (event !== undefined && /^(warn|error)$/.test(event.level)) this.warnings.add(name, event.kind, event.msg);
    if (event === undefined && isError && line.trim() !== "") this.warnings.add(name, line, line.trim());
  }

  async #again(service: Service, ended: ChildProcess, said: () => string, failures: number): Promise<void> {
    if (this.#mayNotStart()) return;
    const sentence = `ended by itself (${fateOf(ended)}): ${said()}`;
    if (service.isVital === true) {
      this.#onVitalEnd(new ProcessEndedError(`${service.name} ${sentence}`));
      return;
    }
    this.warnings.add(service.name, "ended", sentence);
    await sleep(Math.min(2 ** failures, longestPauseSeconds) * 1_000, undefined, { ref: false });
    if (this.#mayNotStart()) return;
    const { child, ready, said: saidNext } = this.#spawn(service);
    let next = failures + 1;
    void ready.then(() => (next = 0));
    await once(child, "exit");
    await this.#again(service, child, saidNext, next);
  }

  #mayNotStart(): boolean {
    return this.#isEnding;
  }

  async #end(child: ChildProcess | undefined): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    const timer = setTimeout(() => {
      signalGroup(child, "SIGKILL");
    }, graceMilliseconds);
    await ended;
    clearTimeout(timer);
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has already ended.
  }
}

function fateOf({ exitCode, signalCode }: ChildProcess): string {
  return signalCode ?? `exit code ${exitCode}`;
}

/** The event in a line of a service's log; undefined if the line is something else. */
function eventIn(line: string): { readonly level: string; readonly kind: string; readonly msg: string } | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const { level, kind, msg } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    return { level: String(level), kind: String(kind), msg: String(msg) };
  } catch {
    return undefined;
  }
}

/** What a person should know about a running network; each kind of trouble is reported once. */
export class Warnings {
  readonly #said = new Map<string, { readonly sentence: string; times: number }>();

  /** @param onNew Called with each new warning. */
  constructor(private readonly onNew: (sentence: string) => void) {}

  /** @param kind Warnings with the same `who` and kind count as one. */
  add(who: string, kind: string, sentence: string): void {
    const known = this.#said.get(`${who} ${kind}`);
    if (known !== undefined) {
      known.times++;
      return;
    }
    this.#said.set(`${who} ${kind}`, { sentence: `${who}: ${sentence}`, times: 1 });
    this.onNew(`${who}: ${sentence}`);
  }

  /** Every warning as a sentence, with how often it came. */
  list(): readonly string[] {
    return [...this.#said.values()].map(({ sentence, times }) =>
      times === 1 ? sentence : `${sentence} (${times} times)`,
    );
  }
}
