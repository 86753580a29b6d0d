import { existsSync, readdirSync } from "node:fs";
import { type Addresses } from "./chain/contracts";
import { recordedAddresses } from "./chain/deployment";
import { deploymentsDirectory } from "./config/folders";

/** Every contract's ABI as a constant, which viem and abitype read names and types from. ethers takes them as they are. */
export { abis } from "./chain/contracts";

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
export function addressesOf(chainId: number, block0Hash = ""): Addresses {
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
