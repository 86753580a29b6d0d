import {
  TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD,
  TASK_COMPILE_SOLIDITY_LOG_COMPILATION_RESULT,
} from "hardhat/builtin-tasks/task-names";
import { subtask } from "hardhat/config";
import { type SolcBuild } from "hardhat/types";

/** Takes the compiler from the npm package `solc`, so that a build downloads nothing. */
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, ({ solcVersion }: { solcVersion: string }): Promise<SolcBuild> => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { version } = require("solc/package.json") as { version: string };
  if (version !== solcVersion) {
    return Promise.reject(
      new Error(`The npm package solc is ${version}, but the contracts need ${solcVersion}. Run "npm ci".`),
    );
  }
  return Promise.resolve({
    version,
    longVersion: version,
    compilerPath: require.resolve("solc/soljson.js"),
    isSolcJs: true,
  });
});

/** Says nothing after a compilation: stdout belongs to the command that asked for it. */
subtask(TASK_COMPILE_SOLIDITY_LOG_COMPILATION_RESULT, () => Promise.resolve());
