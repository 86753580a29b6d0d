import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { type HardhatRuntimeEnvironment } from "hardhat/types";
import { join } from "node:path";
import { custom, type EIP1193RequestFn } from "viem";
import { type YearsStage } from "../scripts/lab/years/stage";
import { startInProcessNetwork } from "./inProcessNetwork";

/**
 * A network for synthetic years on the chain in this process: with the configuration of `local`, and recorded, so that
 * commands find it at its address for as long as it is open.
 */
export async function startYearsNetwork(hre: HardhatRuntimeEnvironment): Promise<YearsStage> {
  const { connectionOf } = await import("../scripts/chain/connection");
  const { choicesFile, deploymentDirectory, deploymentIdOf } = await import("../scripts/chain/deployment");
  const { loadNetworkConfig } = await import("../scripts/config/loadNetworkConfig");
  const { devChainOf } = await import("../scripts/lab/years/devChain");
  const network = await startInProcessNetwork(hre, loadNetworkConfig("local"));
  const { deployment, reader } = network.connection;
  const id = await deploymentIdOf(reader);
  const folder = deploymentDirectory(id);
  const request = hre.network.provider.request.bind(hre.network.provider) as EIP1193RequestFn;
  // What makes the years needs no HTTP between itself and the chain.
  const connection = connectionOf(custom({ request }, { retryCount: 0 }), { ...deployment, id });
  mkdirSync(folder, { recursive: true });
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", remove);
  const addresses = Object.entries(deployment.addresses).map(([name, address]) => [`ModernTensor#${name}`, address]);
  writeFileSync(choicesFile(id), JSON.stringify(deployment.choices));
  writeFileSync(join(folder, "deployed_addresses.json"), JSON.stringify(Object.fromEntries(addresses)));
  const [keeper, dao] = network.accounts;
  return {
    connection,
    chain: devChainOf(request, connection),
    offices: { keeper: keeper!, dao: dao! },
    url: network.url,
    clock: network.clock,
    async close() {
      await network.close();
      process.off("exit", remove);
      remove();
    },
  };
}
