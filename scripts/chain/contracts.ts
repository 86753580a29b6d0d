import { type Abi, getContract, type GetContractReturnType, type PublicClient } from "viem";
import { blockRewardsAbi } from "../../typechain-types/abi/BlockRewards";
import { directoryAbi } from "../../typechain-types/abi/Directory";
import { modernTensorTokenAbi } from "../../typechain-types/abi/ModernTensorToken";
import { policyRegistryAbi } from "../../typechain-types/abi/PolicyRegistry";
import { recyclingPoolAbi } from "../../typechain-types/abi/RecyclingPool";
import { scoreBoardAbi } from "../../typechain-types/abi/ScoreBoard";
import { settlementQuorumAbi } from "../../typechain-types/abi/SettlementQuorum";
import { stakingAbi } from "../../typechain-types/abi/Staking";
import { stakingLensAbi } from "../../typechain-types/abi/StakingLens";
import { taskRegistryAbi } from "../../typechain-types/abi/TaskRegistry";
import { treasuryAbi } from "../../typechain-types/abi/Treasury";

/** The contracts of one deployment, by their names in the code and in the Ignition module: name in Solidity, and ABI. */
export const deployedContracts = {
  token: ["ModernTensorToken", modernTensorTokenAbi],
  pool: ["RecyclingPool", recyclingPoolAbi],
  policyRegistry: ["PolicyRegistry", policyRegistryAbi],
  staking: ["Staking", stakingAbi],
  stakingLens: ["StakingLens", stakingLensAbi],
  taskRegistry: ["TaskRegistry", taskRegistryAbi],
  scoreBoard: ["ScoreBoard", scoreBoardAbi],
  blockRewards: ["BlockRewards", blockRewardsAbi],
  treasury: ["Treasury", treasuryAbi],
  settlementQuorum: ["SettlementQuorum", settlementQuorumAbi],
  directory: ["Directory", directoryAbi],
} as const;

type Deployed = typeof deployedContracts;

/** A contract's name in the code. */
export type ContractKey = keyof Deployed;

/** A contract's name in Solidity. */
export type ContractName = Deployed[ContractKey][0];

/** Where each contract of a deployment is. */
export type Addresses = Readonly<Record<ContractName, `0x${string}`>>;

/** Each contract's ABI as a constant, by its name in Solidity. */
export const abis = Object.fromEntries(Object.values(deployedContracts)) as {
  readonly [K in ContractKey as Deployed[K][0]]: Deployed[K][1];
};

/** Every contract of a deployment, typed by its ABI, for reading and for building calls. */
export type Contracts = {
  readonly [K in ContractKey]: GetContractReturnType<(typeof deployedContracts)[K][1], PublicClient>;
};

/** What `valueOf` gives for each contract, by its name in Solidity. */
export function byContractName<T>(valueOf: (name: ContractName, key: ContractKey) => T): Record<ContractName, T> {
  const keys = Object.keys(deployedContracts) as ContractKey[];
  return Object.fromEntries(
    keys.map((key) => [deployedContracts[key][0], valueOf(deployedContracts[key][0], key)]),
  ) as Record<ContractName, T>;
}

/** The contracts at `addresses`. */
export function contractsOf(client: PublicClient, addresses: Addresses): Contracts {
  return Object.fromEntries(
    Object.entries(deployedContracts).map(([key, [name, abi]]) => [
      key,
      getContract({ client, address: addresses[name], abi }),
    ]),
  ) as unknown as Contracts;
}

/** Every custom error of the system, once each, to name what a call of one contract got from another. */
export const knownErrors: Abi = [
  ...new Map(
    Object.values(abis)
      .flatMap((abi) => abi as Abi)
      .filter((item): item is Extract<Abi[number], { type: "error" }> => item.type === "error")
      .map((item) => [JSON.stringify(item), item] as const),
  ).values(),
];
