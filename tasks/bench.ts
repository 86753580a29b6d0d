import { runBench } from "../scripts/lab/bench/runBench";
import { type HardhatRuntimeEnvironment } from "hardhat/types";
import { type NetworkConfig } from "../scripts/config/networkConfig";
import { type Run } from "../scripts/commands/command";
import { type hardhatCommands } from "../scripts/commands/hardhatCommands";
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
  // On a chain of synthetic years, which is no part of the program.
  const rowsOfAges = async () => {
    const { ageRows } = await import("../test/years/ageRows");
    const { startYearsNetwork } = await import("../test/years/network");
    const network = await startYearsNetwork(hre);
    try {
      return await ageRows(network, full ? [1, 100, 1_000, 3_650] : [1, 100], onProgress);
    } finally {
      await network.close();
    }
  };
  const rowsOfThroughput = async () => {
    const { rowsOnNodes } = await import("../test/measured/throughput");
    return rowsOnNodes([1, 10, 100], onProgress);
  };
  return runBench({
    open,
    rowsOfAges,
    rowsOfThroughput,
    onProgress,
    isFull: full,
    isChecking: check,
    isUpdating: update,
  });
};
