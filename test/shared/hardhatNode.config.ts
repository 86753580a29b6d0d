import { TASK_NODE_GET_PROVIDER } from "hardhat/builtin-tasks/task-names";
import { type HardhatUserConfig, subtask } from "hardhat/config";
import { type EthereumProvider } from "hardhat/types";
import { join } from "node:path";
import "../../tasks/idleConnections";
import { stopTime } from "./stoppedTime";

/** Hardhat's node for tests: with the chain of hardhat.config.ts, a stopped clock, and nothing to load besides. */
const config: HardhatUserConfig = {
  solidity: "0.8.30",
  networks: { hardhat: { chainId: 31337, accounts: { count: 40 }, allowBlocksWithSameTimestamp: true } },
  paths: { root: join(__dirname, "..", "..") },
};

subtask(TASK_NODE_GET_PROVIDER, async (args, _hre, runSuper) => {
  const provider = (await runSuper(args)) as EthereumProvider;
  const request = stopTime(provider.request.bind(provider));
  return Object.assign(Object.create(provider) as EthereumProvider, { request });
});

export default config;
