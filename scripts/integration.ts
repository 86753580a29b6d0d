import { existsSync, readdirSync } from "node:fs";
import { type Address } from "viem";
import {
  BlockRewards__factory,
  ModernTensorToken__factory,
  PolicyRegistry__factory,
  RecyclingPool__factory,
  ScoreBoard__factory,
  Staking__factory,
  TaskRegistry__factory,
  Treasury__factory,
} from "../typechain-types";
import { type ContractName } from "./chain/contractNames";
import { recordedAddresses } from "./chain/deployment";
import { deploymentsDirectory } from "./config/folders";

/** Every contract's ABI as a constant, which viem and abitype read names and types from. ethers takes them as they are. */
export const abis = {
  ModernTensorToken: ModernTensorToken__factory.abi,
  RecyclingPool: RecyclingPool__factory.abi,
  PolicyRegistry: PolicyRegistry__factory.abi,
  Staking: Staking__factory.abi,
  TaskRegistry: TaskRegistry__factory.abi,
  ScoreBoard: ScoreBoard__factory.abi,
  BlockRewards: BlockRewards__factory.abi,
  Treasury: Treasury__factory.abi,
} as const satisfies Record<ContractName, readonly unknown[]>;

/** A chain has no recorded deployment, or several: a development chain that was started anew keeps its number. */
export class DeploymentChoiceError extends Error {
  override readonly name = "DeploymentChoiceError";
}

/**
 * Where the contracts are.
 * @param chainId As the chain itself says it.
 * @param block0Hash Hash of the chain's block 0; needed only where several chains of this number are recorded.
 * @throws DeploymentChoiceError where no record fits, or several do.
 */
export function addressesOf(chainId: number, block0Hash = ""): Readonly<Record<ContractName, Address>> {
  const beginning = `chain-${chainId}-${block0Hash.slice(2, 10)}`;
  const recorded = existsSync(deploymentsDirectory) ? readdirSync(deploymentsDirectory) : [];
  const [id, ...others] = recorded.filter((name) => name.startsWith(beginning));
  if (id === undefined) {
    throw new DeploymentChoiceError(`No deployment on chain ${chainId} is recorded: deploy first, or copy its record.`);
  }
  if (others.length > 0) {
    throw new DeploymentChoiceError(
      `${others.length + 1} deployments on chains of number ${chainId} are recorded: give the hash of block 0 too.`,
    );
  }
  return recordedAddresses(id);
}
