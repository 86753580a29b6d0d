/** A process that runs test files of the copy in its working directory, as often as it is asked to. */
import Mocha from "mocha";
import { join, relative, sep } from "node:path";
import { Worker } from "node:worker_threads";
import { type Order, type Report } from "./lane";

/** Ends this process if it has computed for too long: in an endless loop it would never answer. */
const guard = new Worker(
  `const used = () => process.cpuUsage().user / 1e6;
  let end = Infinity;
  require("node:worker_threads").parentPort.on("message", (seconds) => { end = used() + seconds; });
  setInterval(() => { if (used() > end) process.kill(process.pid, "SIGKILL"); }, 500);`,
  { eval: true },
);

/** Everything of the repository is loaded again; packages stay. */
const forget = (): void => {
  for (const name of Object.keys(require.cache))
    if (!name.includes(`${sep}node_modules${sep}`) && name !== __filename)
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- this is how a module is forgotten
      delete require.cache[name];
};

// eslint-disable-next-line @typescript-eslint/no-require-imports -- again for each run
const load = (...path: string[]): unknown => require(join(...path));

const run = ({ tests, onChain, seconds }: Order): void => {
  let report: Report = {};
  guard.postMessage(seconds);
  forget();
  // A test that waits for what a mutant never does has failed; the slowest takes a minute.
  const mocha = new Mocha({ bail: true, timeout: 240_000, reporter: function silent() {} as never });
  try {
    const shared = join(process.cwd(), "test", "shared");
    load(shared, "fixedSeed.ts");
    if (onChain) {
      load("hardhat/register");
      mocha.rootHooks((load(shared, "stopTimeInProcess.ts") as { mochaHooks: object }).mochaHooks);
      load(shared, "lightDeployments.ts");
    }
    for (const test of tests) mocha.addFile(join(process.cwd(), test));
    mocha
      .run(() => process.send!(report))
      .on("fail", (test, error) => {
        report = { test: relative(process.cwd(), test.file!), message: `${test.fullTitle()}: ${String(error)}` };
      });
  } catch (error) {
    process.send!({ test: tests[0]!, message: `does not load: ${String(error)}` } satisfies Report);
  }
};

process.on("message", run);
process.on("disconnect", () => process.exit());
