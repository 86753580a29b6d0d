const { readFileSync } = require("node:fs");
const { join } = require("node:path");

module.exports = {
  // Barretenberg writes the verifiers; they are of one assembly block, into which no probes fit.
  skipFiles: ["fixtures", "verifiers"],
  // That block needs more stack than there is, unless the compiler keeps some of it in memory.
  configureYulOptimizer: true,
  // What hardhat.config.ts requires for mocha's workers holds for them alone: here, too, time stands still until a test moves it.
  mocha: {
    parallel: false,
    timeout: 600_000,
    rootHooks: { beforeAll: () => require("./test/shared/stopTimeInProcess").mochaHooks.beforeAll() },
  },
  istanbulReporter: ["text", "json-summary"],
  // Random walks are left out by the command: what is covered must not depend on where they happen to go.
  // Fails the run where a line or a branch of a contract is never reached.
  onIstanbulComplete() {
    const summary = JSON.parse(readFileSync(join(__dirname, "coverage", "coverage-summary.json"), "utf8"));
    const { lines, branches } = summary.total;
    if (lines.pct < 100 || branches.pct < 100) {
      throw new Error(
        `Contracts are covered to ${lines.pct} % of lines and ${branches.pct} % of branches, not to 100 %.`,
      );
    }
  },
};
