import { runBench } from "../scripts/lab/bench/runBench";
import { type HardhatRuntimeEnvironment } from "hardhat/types";
import { type NetworkConfig } from "../scripts/config/networkConfig";
import { type Run } from "../scripts/commands/command";
import { type hardhatCommands } from "../scripts/commands/table";
import { startInProcessNetwork } from "./inProcessNetwork";

export const bench: Run<typeof hardhatCommands.bench.params, HardhatRuntimeEnvironment> = async (
  { full, check, update },
  hre,
) => {
  const open = async (config: NetworkConfig) => {
    await hre.network.provider.request({ method: "hardhat_reset" });
    return startInProcessNetwork(hre, config);
  };
  const onProgress = (what: string) => process.stderr.write(`${what}\n`);
  return runBench({ open, onProgress, isFull: full, isChecking: check, isUpdating: update });
};
