import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { copyCheckout } from "../shared/checkoutCopy";

/** Tests to run, and for how many seconds of the processor. */
export type Order = { readonly tests: readonly string[]; readonly onChain: boolean; readonly seconds: number };

/** The test file that failed and how; empty if none did. */
export type Report = { readonly test?: string; readonly message?: string };

/** A copy of the repository in which mutants live and tests run, one at a time. */
export class Lane {
  private readonly directory = copyCheckout();
  private worker: ChildProcess | undefined;

  constructor() {
    mkdirSync(join(this.directory, "tmp"));
    process.once("exit", () => {
      this.stop();
      rmSync(this.directory, { recursive: true, force: true });
    });
  }

  /** @returns whether it compiles, where it is a contract. */
  write(path: string, text: string): boolean {
    const file = join(this.directory, path);
    if (readFileSync(file, "utf8") === text) return true;
    writeFileSync(file, text);
    if (!path.endsWith(".sol")) return true;
    try {
      execFileSync("npx", ["hardhat", "compile", "--quiet"], { cwd: this.directory, stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Runs tests until one fails. Those without a chain share a process, which loads the sources anew each time. Who takes too
   * long has failed: by the processor's time, or by the clock, because a test may wait for what never comes.
   */
  async run(tests: readonly string[], onChain: boolean): Promise<Report> {
    if (tests.length === 0) return {};
    const seconds = onChain ? Math.max(120, 40 * tests.length) : 60;
    if (onChain) this.stop();
    const worker = (this.worker ??= this.start());
    worker.send({ tests, onChain, seconds } satisfies Order);
    const settled = new AbortController();
    const [report] = (await Promise.race([
      once(worker, "message", settled),
      once(worker, "exit", settled).then(() => [{ test: tests[0], message: "the process ended" }]),
      wait(4_000 * seconds, [{ test: tests[0], message: "too slow" }], settled),
    ])) as [Report];
    settled.abort();
    if (onChain || !worker.connected || report.message === "too slow") this.stop();
    return report;
  }

  private start(): ChildProcess {
    return fork(join("test", "mutants", "worker.ts"), {
      cwd: this.directory,
      execArgv: ["--require", "ts-node/register/transpile-only"],
      env: { ...process.env, TMPDIR: join(this.directory, "tmp") },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      detached: true,
    });
  }

  /** Ends the process with all that its tests have started. */
  private stop(): void {
    const { worker } = this;
    this.worker = undefined;
    if (worker?.pid !== undefined && worker.exitCode === null && worker.signalCode === null)
      process.kill(-worker.pid, "SIGKILL");
  }
}
