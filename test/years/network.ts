import { rmSync, writeFileSync } from "node:fs";
import { type HardhatRuntimeEnvironment } from "hardhat/types";
import { join } from "node:path";
import { custom, type EIP1193RequestFn, type PublicClient } from "viem";
import { type Connection, connectionOf, readerThrough } from "../../scripts/chain/connection";
import { choicesFile, deploymentDirectory, deploymentIdOf } from "../../scripts/chain/deployment";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { startInProcessNetwork } from "../../tasks/inProcessNetwork";
import { claimRecord } from "../shared/node";
import { type DevChain, devChainOf } from "./devChain";
import { type Offices } from "./opening";

/** A freshly deployed network on which years can be played, and its URL for commands. */
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
 * Starts one on a new chain in this process, with the configuration of `local`, and records it, so that commands find it
 * while it is open.
 */
export async function startYearsNetwork(hre: HardhatRuntimeEnvironment): Promise<YearsNetwork> {
  const request = hre.network.provider.request.bind(hre.network.provider) as EIP1193RequestFn;
  // What makes the years needs no HTTP between itself and the chain.
  const transport = custom({ request }, { retryCount: 0 });
  const id = await newChain(request, readerThrough(transport));
  const folder = deploymentDirectory(id);
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", remove);
  const network = await startInProcessNetwork(hre, loadNetworkConfig("local"));
  const { accounts, clock, url } = network;
  const { deployment } = network.connection;
  const addresses = Object.entries(deployment.addresses).map(([name, address]) => [`ModernTensor#${name}`, address]);
  writeFileSync(choicesFile(id), JSON.stringify(deployment.choices));
  writeFileSync(join(folder, "deployed_addresses.json"), JSON.stringify(Object.fromEntries(addresses)));
  const connection = connectionOf(transport, { ...deployment, id });
  const chain = devChainOf(request, connection);
  const [keeper, dao] = accounts;
  return {
    connection,
    chain,
    offices: { keeper: keeper!, dao: dao! },
    url,
    async answering(work, timestamp) {
      await chain.mineBySending(true);
      try {
        await clock.moveTo(timestamp ?? Number((await connection.reader.getBlock()).timestamp));
        return await work();
      } finally {
        await chain.mineBySending(false);
      }
    },
    async close() {
      await chain.mineBySending(true);
      await network.close();
      process.off("exit", remove);
      remove();
    },
  };
}

/** Starts chains until one is new to all tests, and reserves its record's folder. @returns The deployment's name. */
async function newChain(request: EIP1193RequestFn, reader: PublicClient): Promise<string> {
  for (;;) {
    await (request as (args: { readonly method: string }) => Promise<unknown>)({ method: "hardhat_reset" });
    const id = await deploymentIdOf(reader);
    if (claimRecord(id)) return id;
  }
}
