import { TASK_NODE_CREATE_SERVER } from "hardhat/builtin-tasks/task-names";
import { type HardhatRuntimeEnvironment, type JsonRpcServer } from "hardhat/types";
import { type Address, type EIP1193RequestFn } from "viem";
import { type Connection } from "../scripts/chain/connection";
import { type NetworkConfig } from "../scripts/config/networkConfig";
import { type StoppedClock } from "../scripts/lab/demo/story";

/** Epoch 0 begins on 1 January 2100: ahead of any clock, so that no real time leaks into what happens. */
const genesisTimestamp = Date.UTC(2100, 0, 1) / 1_000;

/** A freshly deployed network on the chain in this process, served over JSON-RPC, whose time stands still. */
export interface InProcessNetwork {
  readonly connection: Connection;
  readonly accounts: readonly Address[];
  readonly clock: StoppedClock;
  /** Where commands reach it. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Deploys the system with the real Ignition module. The chain is served on a port, because only over real JSON-RPC do
 * a contract's custom errors reach the keeper as they do on any network.
 */
export async function startInProcessNetwork(
  hre: HardhatRuntimeEnvironment,
  config: NetworkConfig,
): Promise<InProcessNetwork> {
  const { connectionOf, readerThrough, transportOf } = await import("../scripts/chain/connection");
  const { byContractName } = await import("../scripts/chain/contracts");
  const { nodeAccounts } = await import("../scripts/chain/signer");
  const { stopClock } = await import("../scripts/lab/demo/story");
  const { moduleParameters, taskTypeTerms } = await import("../scripts/ignition/modules/ModernTensor");
  const { modernTensor } = await import("../scripts/ignition/modules/ModernTensor");
  await hre.run("compile", { quiet: true });
  const { provider } = hre.network;
  const clock = stopClock(provider.request.bind(provider) as EIP1193RequestFn);
  const server = (await hre.run(TASK_NODE_CREATE_SERVER, {
    hostname: "127.0.0.1",
    port: 0,
    provider: Object.assign(Object.create(provider) as typeof provider, { request: clock.request }),
  })) as JsonRpcServer;
  const { port } = await server.listen();
  const url = `http://127.0.0.1:${port}`;
  const transport = transportOf(url);
  const reader = readerThrough(transport);
  const [accounts, chainId] = await Promise.all([nodeAccounts(reader), reader.getChainId()]);
  const choices = { network: "local", genesisTimestamp, dao: accounts[1]!, fromBlock: 0, nodeAccounts: [...accounts] };
  const module = modernTensor(taskTypeTerms(config));
  const deployed = await hre.ignition.deploy(module, { parameters: moduleParameters(config, choices) });
  const addresses = byContractName((_name, key) => deployed[key].target as Address);
  const connection = connectionOf(transport, { id: "in-process", chainId, addresses, choices, config });
  return { connection, accounts, clock, url, close: () => server.close() };
}
