import { type IgnitionModule } from "@nomicfoundation/ignition-core";
import { type HardhatRuntimeEnvironment } from "hardhat/types";
import { type DeploymentChoices } from "../scripts/chain/deployment";
import { endpointOf } from "./shared/chain";
import { command } from "./shared/command";

command({
  name: "deploy",
  description:
    "Deploy the system, wire it and record where it is; run again it resumes, and changes nothing when complete",
  params: {},
  async run(_args, hre) {
    const { readerOf, requireReachable } = await import("../scripts/chain/connection");
    const { deploymentIdOf } = await import("../scripts/chain/deployment");
    const { chooseOnce, recordsLeftAside } = await import("../scripts/ignition/choose");
    const { loadNetworkConfig } = await import("../scripts/config/loadNetworkConfig");
    if (hre.network.name === "hardhat") {
      throw new Error('Say where to deploy: start a node with "npx hardhat node" and add --network localhost.');
    }
    // Compiling may keep this process busy for seconds, in which a node closes connections unseen: so it comes before the first.
    await hre.run("compile", { quiet: true });
    const { default: ModernTensor } = await import("../scripts/ignition/modules/ModernTensor");
    const reader = readerOf(endpointOf(hre));
    await requireReachable(reader, endpointOf(hre));
    const id = await deploymentIdOf(reader);
    const network = hre.network.name === "localhost" ? "local" : hre.network.name;
    const [deployer] = await hre.ethers.getSigners();
    if (deployer === undefined) throw new Error("There is no account to deploy from: set MDT_PRIVATE_KEY.");
    const choices = await chooseOnce(
      reader,
      id,
      network,
      loadNetworkConfig(network),
      deployer.address as `0x${string}`,
    );
    const addresses = await deployModule(hre, ModernTensor, id, choices);
    const leftAside = recordsLeftAside(id);
    const notes = leftAside.map((other) => `Left aside: ${other}, a record of another chain (the node was restarted).`);
    const lines = Object.entries(addresses).map(([name, address]) => `${name.padEnd(18)} ${address}`);
    return {
      json: { deploymentId: id, ...choices, addresses, leftAside },
      text: [`Deployment ${id}, network "${choices.network}"`, ...lines, ...notes].join("\n"),
    };
  },
});

async function deployModule(
  hre: HardhatRuntimeEnvironment,
  module: IgnitionModule,
  deploymentId: string,
  choices: DeploymentChoices,
): Promise<Readonly<Record<string, string>>> {
  const { contractNames } = await import("../scripts/chain/contractNames");
  const { deploymentDirectory } = await import("../scripts/chain/deployment");
  const { loadNetworkConfig } = await import("../scripts/config/loadNetworkConfig");
  const { moduleParameters } = await import("../scripts/ignition/parameters");
  const { readFileSync } = await import("node:fs");
  const parameters = moduleParameters(loadNetworkConfig(choices.network), choices);
  await hre.ignition.deploy(module, { deploymentId, parameters });
  const recorded = JSON.parse(
    readFileSync(`${deploymentDirectory(deploymentId)}/deployed_addresses.json`, "utf8"),
  ) as Record<string, string>;
  return Object.fromEntries(contractNames.map((name) => [name, recorded[`ModernTensor#${name}`]!]));
}
