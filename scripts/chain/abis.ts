/** The deployed contracts, without viem: the integrators' package is built from this, and has no dependencies. */
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

/** The address of each contract of a deployment. */
export type Addresses = Readonly<Record<ContractName, `0x${string}`>>;

/** Each contract's ABI as a constant, by its name in Solidity. */
export const abis = Object.fromEntries(Object.values(deployedContracts)) as {
  readonly [K in ContractKey as Deployed[K][0]]: Deployed[K][1];
};
