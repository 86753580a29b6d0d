import { readerOf, requireReachable } from "../scripts/chain/connection";
import { chooseOnce, recordsLeftAside } from "../scripts/ignition/choose";
import { loadNetworkConfig } from "../scripts/config/loadNetworkConfig";
import ModernTensor from "../scripts/ignition/modules/ModernTensor";
import { moduleParameters } from "../scripts/ignition/parameters";
import { type IgnitionModule } from "@nomicfoundation/ignition-core";
import { type HardhatRuntimeEnvironment } from "hardhat/types";
import { type Addresses } from "../scripts/chain/abis";
import { type DeploymentChoices, deploymentIdOf, recordedAddresses } from "../scripts/chain/deployment";
import { httpEndpointOf } from "../scripts/commands/network";
import { type Run } from "../scripts/commands/command";
import { type hardhatCommands } from "../scripts/commands/table";

export const deploy: Run<typeof hardhatCommands.deploy.params, HardhatRuntimeEnvironment> = async (_args, hre) => {
  if (hre.network.name === "hardhat") {
    throw new Error('Say where to deploy: start a node with "npx hardhat node" and add --network localhost.');
  }
  // Compiling may keep this process busy for seconds, in which a node closes connections unseen: so it comes before the first.
  await hre.run("compile", { quiet: true });
  const reader = readerOf(httpEndpointOf(process.env.MDT_RPC_URL));
  await requireReachable(reader, httpEndpointOf(process.env.MDT_RPC_URL));
  const id = await deploymentIdOf(reader);
  const network = hre.network.name === "localhost" ? "local" : hre.network.name;
  const [deployer] = await hre.ethers.getSigners();
  if (deployer === undefined) throw new Error("There is no account to deploy from: set MDT_PRIVATE_KEY.");
  const choices = await chooseOnce(reader, id, network, loadNetworkConfig(network), deployer.address as `0x${string}`);
  const addresses = await deployModule(hre, ModernTensor, id, choices);
  const leftAside = recordsLeftAside(id);
  const notes = leftAside.map((other) => `Left aside: ${other}, a record of another chain (the node was restarted).`);
  const lines = Object.entries(addresses).map(([name, address]) => `${name.padEnd(18)} ${address}`);
  return {
    json: { deploymentId: id, ...choices, addresses, leftAside },
    text: [`Deployment ${id}, network "${choices.network}"`, ...lines, ...notes].join("\n"),
  };
};

async function deployModule(
  hre: HardhatRuntimeEnvironment,
  module: IgnitionModule,
  deploymentId: string,
  choices: DeploymentChoices,
): Promise<Addresses> {
  const parameters = moduleParameters(loadNetworkConfig(choices.network), choices);
  await hre.ignition.deploy(module, { deploymentId, parameters });
  return recordedAddresses(deploymentId);
}
