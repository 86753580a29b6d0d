import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Address, type PublicClient } from "viem";
import { z } from "zod";
import { type Chosen, withChosen, loadNetworkConfig } from "../config/loadNetworkConfig";
import { defaultDataDirectory, deploymentsDirectory } from "../config/folders";
import { type NetworkConfig } from "../config/networkConfig";
import { writtenAddress } from "../core/strictJson";
import { type Addresses } from "./abis";
import { byContractName } from "./contracts";

const addressByContract = z.record(z.string(), writtenAddress);

/** The choices made at the first run of a deployment, which must stay the same when it is resumed. */
export const deploymentChoicesSchema = z.strictObject({
  /** Name of the configuration in scripts/config. */
  network: z.string(),
  genesisTimestamp: z.int(),
  dao: writtenAddress,
  /** First block that can hold an event of the deployment. */
  fromBlock: z.int(),
  /** Accounts of a development node that get tokens at genesis. */
  nodeAccounts: z.array(writtenAddress),
  /** The deployment's own clock, which only a local network may have. */
  clock: z
    .strictObject({ genesisDelaySeconds: z.int(), slotSeconds: z.int().min(1), slotsPerEpoch: z.int().min(2) })
    .optional(),
  /** When the keeper of a local network may settle alone, if not as configured. */
  soloAfterSeconds: z.int().nonnegative().optional(),
  /** Taken over from an earlier deployment instead of the configured allocations and allowances, in wei. */
  genesis: z
    .strictObject({
      allocations: z.array(z.strictObject({ account: writtenAddress, amountWei: z.string() })),
      treasuryAllowanceWei: z.string(),
      blockRewardsAllowanceWei: z.string(),
    })
    .optional(),
});

export type GenesisChoice = NonNullable<z.output<typeof deploymentChoicesSchema>["genesis"]>;
export type DeploymentChoices = z.output<typeof deploymentChoicesSchema>;

export interface Deployment {
  readonly id: string;
  readonly chainId: number;
  readonly addresses: Addresses;
  readonly choices: DeploymentChoices;
  readonly config: NetworkConfig;
}

/** Nothing is deployed on this chain. */
export class NotDeployedError extends Error {
  override readonly name = "NotDeployedError";
}

/**
 * Names a deployment after its chain: the chain's id and 8 digits of block 0's hash, so that a restarted node gets
 * another name.
 */
export async function deploymentIdOf(client: PublicClient): Promise<string> {
  const [chainId, block0] = await Promise.all([client.getChainId(), client.getBlock({ blockNumber: 0n })]);
  return `chain-${chainId}-${block0.hash.slice(2, 10)}`;
}

export function deploymentDirectory(id: string): string {
  return join(deploymentsDirectory, id);
}

export function choicesFile(id: string): string {
  return join(deploymentsDirectory, id, "choices.json");
}

/**
 * Reads the record of the deployment on the chain that `client` talks to.
 * @throws NotDeployedError if there is no complete record for this very chain; DamagedRecordError
 */
export async function readDeployment(client: PublicClient): Promise<Deployment> {
  const [id, chainId] = await Promise.all([deploymentIdOf(client), client.getChainId()]);
  if (!existsSync(choicesFile(id))) throw notDeployed(id);
  const choices = readRecord(choicesFile(id), deploymentChoicesSchema);
  const addresses = recordedAddresses(id);
  const config = configOf(choices);
  const chain = { ...config.chain, name: chainNameOf(chainId, config.chain.name) };
  return { id, chainId, addresses, choices, config: { ...config, chain } };
}

/**
 * The configuration of a deployment: its network's, with the deployment's own choices and the genesis that it took
 * over.
 */
export function configOf(choices: Pick<DeploymentChoices, "network" | "genesis"> & Chosen): NetworkConfig {
  const config = withChosen(choices.network, loadNetworkConfig(choices.network), choices);
  const { genesis } = choices;
  if (genesis === undefined) return config;
  const supply = {
    ...config.supply,
    daoAllocationWei: 0n,
    nodeAccountAllocationWei: 0n,
    treasuryAllowanceWei: BigInt(genesis.treasuryAllowanceWei),
    blockRewardsAllowanceWei: BigInt(genesis.blockRewardsAllowanceWei),
  };
  // The emission schedule starts again with the remaining allowance.
  const mostWei = supply.treasuryAllowanceWei / (2n * BigInt(config.emission.halvingIntervalEpochs));
  const baseRewardWei = config.emission.baseRewardWei < mostWei ? config.emission.baseRewardWei : mostWei;
  return { ...config, supply, emission: { ...config.emission, baseRewardWei } };
}

/**
 * The addresses in a deployment's record.
 * @throws NotDeployedError if the record is missing or incomplete; DamagedRecordError
 */
export function recordedAddresses(id: string): Addresses {
  const addressesFile = join(deploymentsDirectory, id, "deployed_addresses.json");
  if (!existsSync(addressesFile)) throw notDeployed(id);
  const recorded = readRecord(addressesFile, addressByContract);
  return byContractName((name) => {
    const address = recorded[`ModernTensor#${name}`];
    if (address === undefined) throw notDeployed(id);
    return address as Address;
  });
}

/** The record of a deployment can't be read. */
export class DamagedRecordError extends Error {
  override readonly name = "DamagedRecordError";
}

/** Reads a file of a deployment's record. @throws DamagedRecordError naming the file. */
export function readRecord<T>(file: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new DamagedRecordError(`${file} is damaged: copy it again from the machine that deployed.`);
  }
}

function notDeployed(id: string): NotDeployedError {
  return new NotDeployedError(
    `Nothing is deployed on this chain, or its record is not in scripts/ignition/deployments/${id}: run "npx hardhat deploy --network localhost" with your network's name instead of localhost, or copy the record from the machine that deployed.`,
  );
}

/**
 * This machine's folder for one deployment: epoch reports and reward trees, which can always be computed again from the
 * chain, and scores that are committed but not revealed yet.
 * @param root Value of MDT_DATA; the project's folder `data` if it is not set.
 */
export function dataDirectory(deploymentId: string, root: string | undefined): string {
  return join(resolve(root ?? defaultDataDirectory), deploymentId);
}

/** Names of chains in wallets, by chain id. */
const names: Readonly<Record<number, string>> = {
  1: "Ethereum",
  10: "OP Mainnet",
  56: "BNB Smart Chain",
  100: "Gnosis",
  137: "Polygon",
  324: "ZKsync Era",
  8453: "Base",
  42161: "Arbitrum One",
  43114: "Avalanche",
  59144: "Linea",
  84532: "Base Sepolia",
  421614: "Arbitrum Sepolia",
  534352: "Scroll",
  11155111: "Sepolia",
  11155420: "OP Sepolia",
};

/**
 * A chain's name: the one in wallets, else the configured one. A configured name of another known chain is not used,
 * for example while its configuration is tried on a development node: no wallet must call that "Ethereum".
 */
function chainNameOf(chainId: number, configured: string): string {
  const isAnothers = Object.values(names).some((name) => name.toLowerCase() === configured.toLowerCase());
  return names[chainId] ?? (isAnothers ? `Chain ${chainId}` : configured);
}
