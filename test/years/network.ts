import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { type HardhatRuntimeEnvironment } from "hardhat/types";
import { join } from "node:path";
import { custom, type EIP1193RequestFn } from "viem";
import { type Connection, connectionOf } from "../../scripts/chain/connection";
import { choicesFile, deploymentDirectory, deploymentIdOf } from "../../scripts/chain/deployment";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { startInProcessNetwork } from "../../tasks/inProcessNetwork";
import { type DevChain, devChainOf } from "./devChain";
import { type Offices } from "./opening";

/** A freshly deployed network on which years can be lived, and where commands reach it. */
export interface YearsNetwork {
  readonly connection: Connection;
  readonly chain: DevChain;
  readonly offices: Offices;
  readonly url: string;
  /**
   * Does something with the chain as commands find it: its time stands still, and what is sent is mined at once.
   * @param timestamp Unix seconds; missing: the newest block's.
   */
  answering<T>(work: () => Promise<T>, timestamp?: number): Promise<T>;
  close(): Promise<void>;
}

/**
 * Starts one on the chain in this process, with the configuration of `local`, and records it, so that commands find it for
 * as long as it is open.
 */
export async function startYearsNetwork(hre: HardhatRuntimeEnvironment): Promise<YearsNetwork> {
  const network = await startInProcessNetwork(hre, loadNetworkConfig("local"));
  const { connection, accounts, clock, url } = network;
  const { deployment, reader } = connection;
  const id = await deploymentIdOf(reader);
  const folder = deploymentDirectory(id);
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", remove);
  const addresses = Object.entries(deployment.addresses).map(([name, address]) => [`ModernTensor#${name}`, address]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(choicesFile(id), JSON.stringify(deployment.choices));
  writeFileSync(join(folder, "deployed_addresses.json"), JSON.stringify(Object.fromEntries(addresses)));
  const request = hre.network.provider.request.bind(hre.network.provider) as EIP1193RequestFn;
  // What makes the years needs no HTTP between itself and the chain.
  const direct = connectionOf(custom({ request }, { retryCount: 0 }), { ...deployment, id });
  const chain = devChainOf(request, direct);
  const [keeper, dao] = accounts;
  return {
    connection: direct,
    chain,
    offices: { keeper: keeper!, dao: dao! },
    url,
    async answering(work, timestamp) {
      await clock.moveTo(timestamp ?? Number((await direct.reader.getBlock()).timestamp));
      await chain.mineBySending(true);
      try {
        return await work();
      } finally {
        await chain.mineBySending(false);
      }
    },
    async close() {
      await network.close();
      process.off("exit", remove);
      remove();
    },
  };
}
