import { type NetworkConfig } from "../scripts/config/networkConfig";
import { command } from "./shared/command";
import { startInProcessNetwork } from "./shared/inProcessNetwork";

command({
  name: "bench",
  description: "Gas, time and memory, beside their targets and peers; gas and fixed sizes repeat exactly",
  params: {
    full: {
      kind: "flag",
      description: "Also OpenZeppelin's tree of a million accounts and ours of ten: minutes and 4 GB",
    },
    check: { kind: "flag", description: "Only gas: exit code 1 where it differs from the recorded one" },
    update: { kind: "flag", description: "Only gas: record it in scripts/lab/bench/gas.json" },
  },
  async run({ full, check, update }, hre) {
    const { runBench } = await import("../scripts/lab/bench/runBench");
    const open = async (config: NetworkConfig) => {
      await hre.network.provider.request({ method: "hardhat_reset" });
      return startInProcessNetwork(hre, config);
    };
    const onProgress = (what: string) => process.stderr.write(`${what}\n`);
    return runBench({ open, onProgress, isFull: full, isChecking: check, isUpdating: update });
  },
});
