import { TASK_NODE_SERVER_READY } from "hardhat/builtin-tasks/task-names";
import { subtask } from "hardhat/config";

/** The development node mines a block every slot, because time in a chain stands still while no block is mined. */
subtask(TASK_NODE_SERVER_READY, async (args, hre, runSuper) => {
  const { loadNetworkConfig } = await import("../scripts/config/loadNetworkConfig");
  const { slotSeconds } = loadNetworkConfig("local").clock;
  await hre.network.provider.send("evm_setIntervalMining", [slotSeconds * 1_000]);
  await runSuper(args);
});
